// Several scenes: a film of them, a clip of each, or one clip that passes their pictures in order.

import { $, Choice, h, icon, newKey } from "./dom.js";
import { pair, say, seconds } from "./words.js";

// A scene without a picture goes on from the end of the one before it.
export const scene = (given) => ({ id: newKey(), file: null, prompt: "", seconds: "", ...given });

// Whatever is first begins with a picture; without any there is nothing to begin with.
export function led(scenes) {
  const first = scenes.findIndex(({ file }) => file);
  return first < 0 ? [] : [scenes[first], ...scenes.toSpliced(first, 1)];
}

const STEPS = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

// `onOrder` is given other scenes, `onEdit` hears of words and lengths, `onAdd` asks for more pictures.
export class Strip {
  constructor({ onOrder, onEdit, onAdd }) {
    this.tell = { onOrder, onEdit };
    this.scenes = [];
    this.urls = [];
    this.lengths = [];
    this.usual = "";
    this.how = h("div", { class: "segments", role: "radiogroup", "aria-label": say("page.several") });
    this.list = h("ol", { class: "scenes", role: "list", "aria-label": say("options.scenes") });
    this.choice = new Choice(this.how, () => onOrder(this.scenes));
    const cuts = h("div", { class: "segments", role: "radiogroup", "aria-label": say("options.transition") });
    this.transition = new Choice(cuts, onEdit);
    this.transition.offer(["cut", "crossfade"].map((value) => ({ value, label: say(`page.${value}`) })));
    this.ofFilm = h("div", { class: "row" }, h("span", { class: "hint", textContent: say("options.transition") }), cuts);
    this.hint = h("p", { class: "hint by-mouse", textContent: say("page.order_how") });
    this.told = h("p", { class: "hint", id: "counted", role: "status" });
    this.onward = chip("page.goes_on", () => this.order([...this.scenes, scene()]));
    this.more = chip("page.add_scene", onAdd);
    $("strip").append(this.how, this.list, h("div", { class: "chips" }, this.more, this.onward),
      this.ofFilm, this.hint);
    $("strip").after(this.told);
  }

  // `passes`: whether the engine takes pictures to pass on the way.
  offer({ passes, lengths }) {
    this.lengths = lengths;
    const ways = ["film", "each", ...(passes ? ["pass"] : [])];
    this.choice.offer(ways.map((value) => ({ value, label: say(`page.${value}`) })));
  }

  // As it was chosen before.
  set({ way, transition }) {
    if (way) this.choice.show(way);
    if (transition) this.transition.show(transition);
  }

  // What becomes of them; null where there is one at most.
  get way() {
    return this.scenes.length > 1 ? this.choice.value : null;
  }

  // Those that are made: clips of their own begin with a picture each.
  get made() {
    return this.way === "film" ? this.scenes : this.scenes.filter(({ file }) => file);
  }

  show(scenes, most) {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
    this.scenes = scenes;
    const several = scenes.length > 1;
    $("strip").hidden = scenes.length === 0;
    for (const part of [this.how, this.hint, this.list]) part.hidden = !several;
    this.ofFilm.hidden = this.way !== "film";
    this.more.hidden = scenes.length >= most;
    this.onward.hidden = this.more.hidden || (several && this.way !== "film");
    this.list.classList.toggle("plain", this.way === "pass");
    this.list.replaceChildren(...(several ? this.made.map((one) => this.row(one)) : []));
  }

  // What they count as, or that they are too many.
  say(sentence, { bad = false } = {}) {
    if (this.told.textContent !== sentence) this.told.textContent = sentence;
    this.told.classList.toggle("bad", bad);
  }

  // The words of those that have none of their own.
  others(words) {
    this.usual = words;
    for (const field of this.list.querySelectorAll("textarea")) field.placeholder = words || say("page.prompt");
  }

  row(one) {
    const place = this.made.indexOf(one) + 1;
    const name = say("page.scene_of", { place, count: this.made.length });
    const over = (is) => row.classList.toggle("over", is);
    const row = h("li", {
      class: "scene", ondragleave: () => over(false), ondrop: (event) => this.drop(event, one),
      ondragover: (event) => {
        event.preventDefault();
        over(true);
      },
    }, this.thumb(one, name),
      h("textarea", {
        id: `scene-${place}`, rows: 1, maxLength: 2000, value: one.prompt, placeholder: this.usual || say("page.prompt"),
        "aria-label": pair(name, say("page.prompt")), oninput: ({ target }) => this.edit(one, "prompt", target.value),
        onkeydown: (event) => this.next(event, place),
      }),
      h("div", { class: "row" }, this.length(one, name),
        tool("earlier", pair(name, say("page.earlier")), () => this.move(one, -1)),
        tool("later", pair(name, say("page.later")), () => this.move(one, 1)),
        tool("close", pair(name, say("chat.button.delete")), () => this.remove(one))));
    return row;
  }

  thumb(one, name) {
    const { file } = one;
    if (file) this.urls.push(URL.createObjectURL(file));
    return h("button", {
      type: "button", class: "thumb", draggable: true, "aria-label": pair(name, file?.name ?? say("page.goes_on")),
      ondragstart: (event) => event.dataTransfer.setData("text/plain", one.id),
      onkeydown: (event) => {
        if (event.key === "Delete") this.remove(one);
        if (!event.altKey || !STEPS[event.key]) return;
        event.preventDefault();
        this.move(one, STEPS[event.key], ".thumb");
      },
    }, this.drawn(file));
  }

  // A scene that goes on begins about as the one before it.
  drawn(file) {
    const picture = h("img", { src: this.urls.at(-1), alt: "", draggable: false, onerror: ({ target }) => target.replaceWith(file?.name ?? "") });
    return file ? picture : [picture, icon("onward")];
  }

  length(one, name) {
    const offered = this.lengths.map(String);
    const known = [...offered, ...(one.seconds && !offered.includes(one.seconds) ? [one.seconds] : [])];
    const field = h("select", {
      "aria-label": pair(name, say("page.length")), onchange: ({ target }) => this.edit(one, "seconds", target.value),
    }, new Option(say("page.usual"), ""), known.map((value) => new Option(seconds(value, 2), value)));
    field.value = one.seconds;
    return field;
  }

  // From the words of a scene to the next one's.
  next(event, place) {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    (this.list.children[place]?.querySelector("textarea") ?? $("prompt")).focus();
  }

  edit(one, name, value) {
    one[name] = value;
    this.tell.onEdit();
  }

  drop(event, onto) {
    const from = this.scenes.findIndex(({ id }) => id === event.dataTransfer.getData("text/plain"));
    if (from < 0) return;
    event.preventDefault();
    this.put(this.scenes[from], onto);
  }

  move(one, step, focus = step < 0 ? ".glyph-earlier" : ".glyph-later") {
    const onto = this.made[this.made.indexOf(one) + step];
    if (onto) this.put(one, onto, focus);
  }

  // In the other's place; where it is now is said.
  put(one, onto, focus = ".thumb") {
    const to = this.scenes.indexOf(onto);
    this.tell.onOrder(this.scenes.filter((other) => other !== one).toSpliced(to, 0, one));
    const place = this.made.indexOf(one);
    this.list.children[place]?.querySelector(focus).closest("button").focus();
    $("live").textContent = say("page.scene_of", { place: place + 1, count: this.made.length });
  }

  remove(one) {
    const place = this.made.indexOf(one);
    this.order(this.scenes.filter((other) => other !== one), place);
  }

  order(scenes, place = scenes.length - 1) {
    this.tell.onOrder(scenes);
    const row = this.list.children[Math.min(place, this.list.children.length - 1)];
    (row?.querySelector("textarea") ?? $(this.scenes.length ? "change" : "file")).focus();
  }
}

const chip = (key, onclick) => h("button", { type: "button", class: "chip", onclick }, icon("plus"), ` ${say(key)}`);

const tool = (glyph, label, onclick) =>
  h("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick }, icon(glyph));
