// The form: what is to be made of which picture. Nothing typed is lost when something goes wrong.

import { create, dataUrl, fileFrom, once, Problem, recipeIn, typed } from "./api.js";
import { Camera } from "./camera.js";
import { $, icon, narrow, newKey, Toast } from "./dom.js";
import { Earlier, erase, read, write } from "./draft.js";
import { Options } from "./options.js";
import { Picture } from "./picture.js";
import { FieldProblems } from "./problems.js";
import { duration, percent, say } from "./words.js";

const WORDS = "photoplay-words";
const PICTURES = "pictures";
const SHARED = "shared";
const kept = read(PICTURES, SHARED); // at once: a browser takes its time to open them
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
    this.picture = new Picture(() => this.repictured(), (clip) => this.recognise(clip));
    this.standing = null;
    this.earlier = new Earlier(() => {
      this.typed();
      this.changed();
    });
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
    addEventListener("beforeunload", (event) => this.stopping && event.preventDefault());
    prompt.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const sends = event.key === "Enter" && !event.shiftKey;
      if (sends) {
        event.preventDefault();
        $("composer").requestSubmit();
      }
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
    const { length } = prompt.value;
    prompt.style.height = "auto";
    if (length) prompt.style.height = `${Math.min(prompt.scrollHeight + 2, 9.5 * 16)}px`; // a layout
    $("counter").textContent = length < COUNTED_FROM ? "" : `${length} / 2000`;
    this.camera.typed(prompt.value);
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
    this.problems.again();
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

  // Words are there at once; pictures come a moment later, unless somebody has chosen another by then.
  restore() {
    const words = JSON.parse(localStorage.getItem(WORDS) ?? "null");
    if (words) {
      $("prompt").value = words.prompt;
      this.camera.set(words);
      this.options.set(words.fields);
    }
    this.restored = true;
    this.typed();
    kept.then(([files, shared]) => {
      if (this.picture.empty && words) this.repaint(files, words);
      if (shared) this.receive(shared);
    });
  }

  repaint(files, { from, crop }) {
    this.kept = files;
    if (files?.length) this.picture.keep(files);
    else if (from) this.picture.takeFrom(from);
    Object.assign(this.picture.crop, crop);
    this.picture.drawCrop();
    this.keep();
  }

  // From another app of the phone.
  receive({ picture, text }) {
    erase(SHARED);
    this.picture.take([picture]);
    if (!text) return;
    $("prompt").value = text;
    this.typed();
    this.changed();
  }

  // The settings of a clip, to be changed: its picture is not sent again.
  edit(video) {
    this.picture.takeFrom(video);
    this.fill(video.draft ? { ...video, size: "" } : video); // whose size in full the server knows
  }

  // A clip of ours that comes back: what it begins with, and how it was made.
  async recognise(clip) {
    try {
      const { picture, options, ...recipe } = await recipeIn(clip);
      const draft = options.in_full !== undefined;
      this.picture.keep([fileFrom(picture, clip.name)]);
      this.fill({ ...recipe, ...options, size: options.in_full ?? recipe.size, draft });
      new Toast(say("page.recognised"));
    } catch (error) {
      this.problems.say("file", error.message);
    }
  }

  fill(made) {
    $("prompt").value = made.prompt;
    this.camera.set(made);
    this.options.set({ ...made, locked: true });
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
    this.left = 0;
    const stop = this.stopping.signal;
    this.busy(0);
    try {
      await this.send(stop);
      this.options.used();
      this.earlier.add($("prompt").value);
      this.key = newKey();
    } catch (error) {
      this.keepUnsent();
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
      const changes = { ...typed(fields), draft: fields.draft ?? false };
      yield await once(this.picture.from.id, "remix", changes, this.key);
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
      this.left = index + 1;
    }
  }

  // Of several pictures some may be on their way already: those are not sent again.
  keepUnsent() {
    if (!this.left) return;
    const key = `${this.key}-${this.left}`;
    this.picture.keep(this.picture.files.slice(this.left));
    this.key = key;
  }

  async keyframes(pictures) {
    const at = this.picture.strip.at(this.options.seconds);
    const urls = await Promise.all(pictures.slice(1).map(dataUrl));
    return JSON.stringify(urls.map((image, index) => ({ at: at[index], image })));
  }

  failed(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.param === "input_reference") this.picture.drop(); // nobody shall think it was taken
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
