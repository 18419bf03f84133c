// Several pictures at once: one film that passes them in order, or a clip of each.

import { $, Choice, h, icon } from "./dom.js";
import { say } from "./words.js";

export class Strip {
  constructor({ onOrder, onShow }) {
    this.onOrder = onOrder;
    this.onShow = onShow;
    this.films = false;
    this.urls = [];
    this.files = [];
    this.row = h("div", { class: "thumbs", role: "list" });
    this.how = h("div", { class: "segments", role: "radiogroup", "aria-label": say("page.several") });
    this.choice = new Choice(this.how, () => this.onOrder(this.files));
    $("strip").append(this.how, this.row, h("p", { class: "hint", textContent: say("page.order_how") }));
  }

  // `films`: whether the engine takes pictures to pass on the way.
  offer(films) {
    const each = { value: "each", label: say("page.each") };
    this.choice.offer(films ? [{ value: "film", label: say("page.film") }, each] : [each]);
  }

  get film() {
    return this.choice.value === "film" && this.files.length > 1;
  }

  show(files) {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.files = files;
    this.urls = files.length > 1 ? files.map((file) => URL.createObjectURL(file)) : [];
    $("strip").hidden = files.length < 2;
    this.row.replaceChildren(...this.urls.map((url, index) => this.thumb(url, index)));
  }

  thumb(url, index) {
    const name = this.files[index].name;
    const remove = () => this.order(this.files.filter((_, at) => at !== index));
    const thumb = h("button", {
      type: "button", class: "thumb", draggable: true,
      "aria-label": say("page.picture_of", { place: index + 1, count: this.files.length, name }),
      ondragstart: (event) => event.dataTransfer.setData("text/plain", String(index)),
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => {
        const from = Number.parseInt(event.dataTransfer.getData("text/plain"), 10);
        if (Number.isNaN(from)) return;
        event.preventDefault();
        this.move(from, index);
      },
      onkeydown: (event) => {
        const steps = { ArrowLeft: -1, ArrowRight: 1 };
        if (event.key === "Delete") remove();
        if (!event.altKey || !steps[event.key]) return;
        event.preventDefault();
        this.move(index, index + steps[event.key]);
      },
    }, h("img", { src: url, alt: "", onerror: ({ target }) => target.replaceWith(name) }));
    const off = h("button", {
      type: "button", class: "off", "aria-label": say("page.remove"), onclick: remove,
    }, icon("close"));
    return h("div", { role: "listitem" }, thumb, off);
  }

  move(from, to) {
    if (to < 0 || to >= this.files.length) return;
    const files = [...this.files];
    files.splice(to, 0, ...files.splice(from, 1));
    this.order(files);
    this.row.children[to]?.firstElementChild.focus();
  }

  order(files) {
    this.onOrder(files);
    if (!$("strip").contains(document.activeElement)) {
      (this.row.firstElementChild?.firstElementChild ?? $("change")).focus();
    }
  }

  // When each picture but the first is passed, in seconds of a clip as long as this.
  at(seconds) {
    const { length } = this.files;
    return this.files.map((_, index) => (seconds * index) / Math.max(length - 1, 1)).slice(1);
  }
}
