// The form: what is to be made of which picture. Nothing typed is lost when something goes wrong.

import { create, once, Problem } from "./api.js";
import { Camera } from "./camera.js";
import { $, icon, narrow, newKey } from "./dom.js";
import { erase, read, write } from "./draft.js";
import { Options } from "./options.js";
import { Picture } from "./picture.js";
import { FieldProblems } from "./problems.js";
import { duration, percent, say } from "./words.js";

const WORDS = "photoplay-words";
const PICTURES = "pictures";
const SHARED = "shared";
const EARLIER = 20;
const COUNTED_FROM = 1800;
const USUAL_WORK = 161 * 704 * 480;

export class Composer {
  // `sending` shows what leaves as a card; `made` is told of each request that was taken.
  constructor({ sending, made }) {
    this.tell = { sending, made };
    this.key = newKey();
    this.problems = new FieldProblems();
    this.options = new Options(() => this.changed());
    this.camera = new Camera(() => this.changed());
    this.picture = new Picture(() => this.repictured());
    this.standing = null;
    this.listen();
  }

  listen() {
    const prompt = $("prompt");
    $("stop").append(icon("close"));
    $("cut").addEventListener("click", () => {
      if (this.options.asked === null) this.options.chooseShape("1:1");
      $("crop").focus();
    });
    $("stop").addEventListener("click", () => this.stopping?.abort());
    prompt.addEventListener("input", () => this.typed());
    prompt.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const sends = event.key === "Enter" && !event.shiftKey;
      if (sends) {
        event.preventDefault();
        $("composer").requestSubmit();
      } else if (event.key === "ArrowUp" && prompt.selectionEnd === 0) this.recall(1);
      else if (event.key === "ArrowDown" && this.recalled) this.recall(-1);
    });
    $("composer").addEventListener("input", () => this.changed());
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  offer(model) {
    this.model = model;
    this.options.offer(model);
    this.camera.offer(model.supports);
    this.picture.strip.offer(model.supports.options.includes("keyframes"));
    this.showEstimate();
  }

  typed() {
    const prompt = $("prompt");
    prompt.style.height = "auto";
    prompt.style.height = `${Math.min(prompt.scrollHeight + 2, 9.5 * 16)}px`;
    const { length } = prompt.value;
    $("counter").textContent = length < COUNTED_FROM ? "" : `${length} / 2000`;
    this.camera.typed(prompt.value);
  }

  // What was sent before, as a terminal recalls it.
  recall(step) {
    const earlier = JSON.parse(localStorage.getItem("photoplay-earlier") ?? "[]");
    const at = Math.min(Math.max((this.recalled ?? 0) + step, 0), earlier.length);
    this.recalled = at;
    $("prompt").value = at ? earlier[at - 1] : "";
    $("prompt").setSelectionRange(0, 0);
    this.typed();
    this.changed();
  }

  remember(words) {
    this.recalled = 0;
    if (!words.trim()) return;
    const earlier = JSON.parse(localStorage.getItem("photoplay-earlier") ?? "[]");
    const all = [words, ...earlier.filter((one) => one !== words)].slice(0, EARLIER);
    localStorage.setItem("photoplay-earlier", JSON.stringify(all));
  }

  repictured() {
    const { size } = this.picture;
    this.options.picture(size && size.width / size.height);
    if (!this.picture.empty) this.problems.clear("file");
    if (this.restored && this.kept !== this.picture.files) write(PICTURES, this.picture.files);
    this.kept = this.picture.files;
    this.changed();
  }

  changed() {
    this.key = newKey();
    const { asked } = this.options;
    if (this.picture.ratio !== asked) this.picture.shape(asked);
    this.showEstimate();
    this.keep();
  }

  // Words at once, for a page may be left at any moment; pictures when they change.
  keep() {
    if (!this.restored) return;
    localStorage.setItem(WORDS, JSON.stringify({
      prompt: $("prompt").value, from: this.picture.from, crop: this.picture.crop,
      motion: this.camera.motion.value, effect: this.camera.effect.value,
      fields: { ...this.options.fields(), locked: $("lock").ariaPressed === "true" },
    }));
  }

  async restore() {
    const [files, shared] = await Promise.all([read(PICTURES), read(SHARED)]);
    const words = JSON.parse(localStorage.getItem(WORDS) ?? "null");
    this.restored = true;
    if (words && this.picture.empty && !$("prompt").value) {
      $("prompt").value = words.prompt;
      this.camera.set(words);
      this.options.set(words.fields);
      if (files?.length) this.picture.keep(files);
      else if (words.from) this.picture.takeFrom(words.from);
      Object.assign(this.picture.crop, words.crop);
      this.picture.drawCrop();
    }
    if (shared) {
      this.picture.take([shared.picture]);
      if (shared.text) $("prompt").value = shared.text;
      erase(SHARED);
    }
    this.typed();
  }

  // The settings of a clip, to be changed: its picture is not sent again.
  edit(video) {
    this.picture.takeFrom(video);
    $("prompt").value = video.prompt;
    this.camera.set(video);
    this.options.set({ ...video, locked: true });
    this.typed();
    this.changed();
    $("composer").scrollIntoView({ block: "start" });
    $("prompt").focus();
  }

  // What is left of the limits, as the server counts them.
  allow(me) {
    this.standing = me;
    this.showLimit();
  }

  showLimit() {
    clearTimeout(this.counting);
    const { left, next_at: next, used } = this.standing ?? { left: {} };
    const wait = next === null || next === undefined ? 0 : next - Date.now() / 1000;
    const full = left.queued_per_user === 0;
    this.blocked = wait > 0 || full;
    $("go").ariaDisabled = String(this.blocked); // a button that is turned off would lose the focus
    if (wait > 0) {
      $("estimate").textContent = say("page.next_in", { time: duration(wait) });
      this.counting = setTimeout(() => this.showLimit(), 1000);
    } else if (full) {
      $("estimate").textContent = say("page.full", { count: used.queued_per_user });
    } else this.showEstimate();
  }

  showEstimate() {
    if (this.blocked) return;
    const usual = this.model?.estimate_seconds;
    const { width, height } = this.size();
    const work = (this.options.frames * width * height) / USUAL_WORK;
    $("estimate").textContent = usual ? say("page.ready_in", { time: duration(usual * work) }) : "";
  }

  size() {
    const [width, height] = $("pixels").textContent.split("×").map(Number);
    return width && height ? { width, height } : { width: 704, height: 480 };
  }

  say(sentence) {
    $("problem").textContent = sentence;
  }

  async submit() {
    if (this.blocked || this.stopping) return;
    this.say("");
    if (!this.problems.valid()) return;
    if (this.picture.empty) {
      this.problems.say("file", say("page.choose_first"));
      return;
    }
    this.stopping = new AbortController();
    const stop = this.stopping.signal;
    this.busy(0);
    try {
      await this.send(stop);
      this.options.used();
      this.remember($("prompt").value);
      this.key = newKey();
    } catch (error) {
      if (!stop.aborted) this.failed(error);
    } finally {
      this.stopping = undefined;
      this.busy(null);
    }
  }

  async send(stop) {
    const card = this.tell.sending({ prompt: $("prompt").value, picture: this.picture.url });
    try {
      const told = (share) => {
        this.busy(share);
        card.sent(share);
      };
      for await (const video of this.requests(told, stop)) this.tell.made(video, narrow());
    } finally {
      card.gone();
    }
  }

  // One request, or one for each of several pictures.
  async *requests(told, stop) {
    const fields = {
      prompt: $("prompt").value, motion: this.camera.motion.value, effect: this.camera.effect.value,
      ...this.options.fields(),
    };
    if (this.picture.from) {
      yield await once(this.picture.from.id, "remix", typed(fields), this.key);
      return;
    }
    const [end] = $("end_reference").files;
    if (end && !$("end_reference").closest("[data-needs]").hidden) fields.end_reference = end;
    const pictures = await this.picture.ready();
    if (this.picture.strip.film) {
      fields.keyframes = await this.keyframes(pictures);
      pictures.length = 1;
    }
    for (const [index, picture] of pictures.entries()) {
      const share = (one) => told((100 * index + one) / pictures.length);
      const key = index ? `${this.key}-${index}` : this.key;
      yield await create({ ...fields, input_reference: picture }, key, share, stop);
    }
  }

  async keyframes(pictures) {
    const at = this.picture.strip.at(this.options.seconds);
    const urls = await Promise.all(pictures.slice(1).map(dataUrl));
    return JSON.stringify(urls.map((image, index) => ({ at: at[index], image })));
  }

  failed(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.param === "input_reference") this.picture.clear(); // nobody shall think it was taken
    const field = { input_reference: "file", size: "width", seconds: "num_frames" }[error.param] ?? error.param;
    if (!field || !this.problems.say(field, error.message)) this.say(error.message);
    this.tell.made(null);
  }

  // While something is sent its bar stands in place of the button, and takes the focus over.
  busy(share) {
    const hadFocus = [$("go"), $("stop")].includes(document.activeElement);
    $("sending").hidden = share === null;
    $("go").hidden = share !== null;
    if (hadFocus) (share === null ? $("go") : $("stop")).focus();
    this.showLimit();
    if (share === null) return;
    $("sent").ariaValueNow = Math.round(share);
    $("sent").style.width = `${share}%`;
    $("sent-words").textContent = `${say("page.sending")} ${percent(share)}`;
  }
}

const NUMBERS = ["seed", "fps", "num_frames", "num_inference_steps", "guidance_scale", "strength", "motion_strength"];

// JSON has numbers where a form has text.
function typed(fields) {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]));
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
