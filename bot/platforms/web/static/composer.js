// The form: what is to be made of which picture. Nothing typed is lost when something goes wrong.

import { blob, content, fileFrom, Problem, recipeIn, video } from "./api.js";
import { Camera } from "./camera.js";
import { $, icon, narrow, newKey, Toast } from "./dom.js";
import { Earlier, erase, read, write } from "./draft.js";
import { Limits } from "./limits.js";
import { recall, remember } from "./memory.js";
import { Options } from "./options.js";
import { Picture } from "./picture.js";
import { FieldProblems } from "./problems.js";
import { Requests } from "./requests.js";
import { scene } from "./strip.js";
import { percent, say } from "./words.js";

const WORDS = "photoplay-words";
const PICTURES = "pictures";
const SHARED = "shared";
const kept = read(PICTURES, SHARED); // at once: a browser takes its time to open them
const COUNTED_FROM = 1800;

export class Composer {
  // `sending` shows what leaves as a card; `made` is told of each request that was taken.
  constructor({ sending, made }) {
    this.tell = { sending, made };
    this.key = newKey();
    this.problems = new FieldProblems();
    this.options = new Options(() => this.changed());
    this.camera = new Camera(() => this.changed());
    this.picture = new Picture(() => this.repictured(), (clip, more) => this.recognise(clip, more));
    this.requests = new Requests(this);
    this.limits = new Limits(this);
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
    this.options.offer(model);
    this.camera.offer(model.supports);
    this.picture.strip.offer({ passes: model.supports.options.includes("keyframes"), lengths: this.options.lengths });
    this.limits.offer(model);
  }

  typed() {
    const prompt = $("prompt");
    const { length } = prompt.value;
    prompt.style.height = "auto";
    if (length) prompt.style.height = `${Math.min(prompt.scrollHeight + 2, 9.5 * 16)}px`; // a layout
    $("counter").textContent = length < COUNTED_FROM ? "" : `${length} / 2000`;
    this.camera.typed(prompt.value);
    this.picture.strip.others(prompt.value);
  }

  repictured() {
    const { size } = this.picture;
    this.options.picture(size && size.width / size.height);
    if (!this.picture.empty) this.problems.clear("file");
    if (this.restored && this.kept !== this.picture.scenes) write(PICTURES, this.picture.scenes.map(({ id, file }) => ({ id, file })));
    this.kept = this.picture.scenes;
    $("composer").dataset.way = this.picture.strip.way ?? "";
    this.changed();
  }

  changed() {
    this.key = newKey();
    const { asked } = this.options;
    if (this.picture.ratio !== asked) this.picture.shape(asked);
    this.problems.again();
    this.limits.show();
    this.keep();
  }

  // Words at once, for a page may be left at any moment; pictures when they change.
  keep() {
    if (!this.restored) return;
    const { scenes, from, crop, strip } = this.picture;
    remember(WORDS, {
      prompt: $("prompt").value, from, crop, way: strip.choice.value, transition: strip.transition.value,
      scenes: scenes.map(({ file, ...words }) => ({ ...words, onward: !file })),
      motion: this.camera.motion.value, effect: this.camera.effect.value,
      fields: { ...this.options.fields(), locked: $("lock").ariaPressed === "true" },
    });
  }

  // Words are there at once; pictures come a moment later, unless somebody has chosen another by then.
  restore() {
    const words = recall(WORDS);
    if (words) {
      $("prompt").value = words.prompt;
      this.camera.set(words);
      this.options.set(words.fields);
      this.picture.strip.set(words);
    }
    this.restored = true;
    this.typed();
    kept.then(([files, shared]) => {
      if (this.picture.empty && words) this.repaint(files, words);
      if (shared) this.receive(shared);
    });
  }

  // A clip was kept at once, with the words: the pictures may still be those from before it.
  repaint(files, { from, crop, scenes }) {
    const found = from ? [] : joined(files ?? [], scenes ?? []);
    this.kept = found;
    if (from) {
      this.picture.takeFrom(from);
      this.lookAtClip();
    } else if (found.length) this.picture.keep(found);
    Object.assign(this.picture.crop, crop);
    this.picture.drawCrop();
    this.keep();
  }

  // It may have been deleted while nobody told this page so.
  async lookAtClip() {
    const { from } = this.picture;
    if (!from) return;
    try {
      await video(from.id);
    } catch ({ status }) {
      if (status === 404) this.leave(from.id);
    }
  }

  // A clip is gone: nothing can be made from it.
  leave(id) {
    if (this.picture.from?.id !== id) return;
    this.picture.clear();
    this.problems.say("file", say("errors.expired.picture"), { focus: false });
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
    if (video.scenes) return this.editFilm(video);
    this.picture.takeFrom(video);
    return this.fill(video.draft ? { ...video, size: "" } : video); // whose size in full the server knows
  }

  // Its scenes with their pictures, as long as those are kept.
  async editFilm(video) {
    const pictures = await Promise.all(video.scenes.map(async ({ id, place, goes_on: onward }) => {
      const picture = onward ? null : await blob(content(id, "source"));
      return picture && new File([picture], `${place}.png`, { type: picture.type });
    }));
    this.fill({ ...video, prompt: "", seed: null, num_frames: null, locked: false });
    this.picture.from = null;
    this.picture.strip.set({ way: "film", transition: video.transition });
    this.picture.keep(video.scenes.map(({ prompt, seconds }, index) =>
      scene({ prompt, seconds: this.options.named(seconds), file: pictures[index] })));
  }

  // A clip of ours that comes back: what it begins with, and how it was made.
  async recognise(clip, more) {
    try {
      const { picture, options, ...recipe } = await recipeIn(clip);
      if (more) return this.picture.add([scene({ file: fileFrom(picture, clip.name), prompt: recipe.prompt })]);
      const draft = options.in_full !== undefined;
      this.picture.from = null;
      this.picture.keep([scene({ file: fileFrom(picture, clip.name) })]);
      this.fill({ ...recipe, ...options, size: options.in_full ?? recipe.size, draft });
      return new Toast(say("page.recognised"));
    } catch (error) {
      return this.problems.say("file", error.message);
    }
  }

  fill(made) {
    $("prompt").value = made.prompt;
    this.camera.set(made);
    this.options.set({ locked: true, ...made });
    this.typed();
    this.changed();
    $("composer").scrollIntoView({ block: "start" });
    $("prompt").focus();
  }

  say(sentence) {
    $("problem").textContent = sentence;
  }

  async submit() {
    if (this.limits.blocked || this.stopping) return;
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
    const card = this.tell.sending({ prompt: this.picture.scenes[0]?.prompt || $("prompt").value, picture: this.picture.url });
    try {
      const told = (share) => {
        this.busy(share);
        card.sent(share);
      };
      for await (const video of this.requests.send(this.key, told, stop)) this.tell.made(video, narrow());
    } finally {
      card.gone();
    }
  }

  // Of several pictures some may be on their way already: those are not sent again.
  keepUnsent() {
    const { taken } = this.requests;
    if (!taken) return;
    const key = `${this.key}-${taken}`;
    this.picture.keep(this.picture.strip.made.slice(taken));
    this.key = key;
  }

  failed(error) {
    if (!(error instanceof Problem)) throw error;
    if (error.param === "input_reference") this.picture.drop(); // nobody shall think it was taken
    const [, number] = /^scenes\[(\d+)\]/.exec(error.param) ?? [];
    const known = { input_reference: "file", size: "width", seconds: "num_frames" };
    const field = number ? `scene-${number}` : (known[error.param] ?? error.param);
    if (!field || !this.problems.say(field, error.message)) this.say(error.message);
    this.tell.made(null);
  }

  // While something is sent its bar stands in place of the button, and takes the focus over.
  busy(share) {
    const hadFocus = [$("go"), $("stop")].includes(document.activeElement);
    $("sending").hidden = share === null;
    $("go").hidden = share !== null;
    if (hadFocus) (share === null ? $("go") : $("stop")).focus();
    this.limits.show();
    if (share === null) return;
    $("sent").ariaValueNow = Math.round(share);
    $("sent").style.width = `${share}%`;
    $("sent-words").textContent = `${say("page.sending")} ${percent(share)}`;
  }
}

// Pictures and the words that were kept with them; a picture alone has none.
function joined(files, scenes) {
  const pictures = new Map(files.map((one) => (one instanceof File ? scene({ file: one }) : one)).map((one) => [one.id, one]));
  if (scenes.length === 0) return [...pictures.values()].map(scene);
  const all = scenes.map(({ onward, ...words }) => scene({ ...words, file: onward ? null : pictures.get(words.id)?.file }));
  return all.filter(({ file }) => file !== undefined);
}
