// Length, shape and fine control: what may be set, what the engine has it at, what was set.

import { $, Choice, icon } from "./dom.js";
import { recall, remember } from "./memory.js";
import { number, say, seconds } from "./words.js";

const BUDGET = 704 * 480;
const [MIN_SIDE, MAX_SIDE, STEP] = [64, 1280, 32];
const MOST_FRAMES = 257;
const SHAPES = { auto: null, "1:1": 1, "16:9": 16 / 9, "9:16": 9 / 16 };
const USUAL = { frames: 161, fps: 24 };
const FINE = "photoplay-fine";
const PLAIN = ["fps", "seed", "negative_prompt"];
const SLIDERS = ["num_inference_steps", "guidance_scale", "strength", "motion_strength"];

// As the server chooses it: nearness of the shape first, then many pixels.
export function fitted(ratio) {
  let best = null;
  for (let width = MIN_SIDE; width <= MAX_SIDE; width += STEP) {
    for (let height = MIN_SIDE; height <= MAX_SIDE && width * height <= BUDGET; height += STEP) {
      const score = Math.log(width * height) - 8 * Math.abs(Math.log(width / height / ratio));
      if (best === null || score > best.score) best = { width, height, score };
    }
  }
  return best;
}

const framesOf = (length, fps) => 8 * Math.round((length * fps - 1) / 8) + 1;

export class Options {
  constructor(onChange) {
    this.onChange = onChange;
    this.defaults = {};
    this.ratio = null;
    this.touched = new Set();
    this.length = new Choice($("length"), (value) => this.chooseLength(value));
    this.shape = new Choice($("shape"), (value) => this.chooseShape(value));
    $("dice").append(icon("dice"));
    $("lock").append(icon("lock"));
    $("dice").addEventListener("click", () => {
      $("seed").value = crypto.getRandomValues(new Uint32Array(1))[0] >>> 1;
      this.changed();
    });
    $("lock").addEventListener("click", () => this.lock($("lock").ariaPressed !== "true"));
    $("reset").addEventListener("click", () => this.reset());
    $("fine").addEventListener("input", ({ target }) => this.edited(target));
    $("fine").addEventListener("toggle", () => remember(FINE, $("fine").open));
    $("fine").open = recall(FINE, false);
  }

  offer({ supports, defaults }) {
    this.defaults = { ...defaults, strength: 1, motion_strength: 2 };
    for (const part of document.querySelectorAll("[data-needs]")) {
      part.hidden = !supports.options.includes(part.dataset.needs);
    }
    for (const [name, value] of Object.entries(this.defaults)) {
      if ($(name) && value !== null) $(name).placeholder = value;
    }
    this.shape.offer(Object.keys(SHAPES).map((value) =>
      ({ value, label: value === "auto" ? say("page.auto") : value })), "auto");
    this.offerLengths();
    this.reset({ quietly: true });
  }

  get fps() {
    return Number($("fps").value) || this.defaults.fps || USUAL.fps;
  }

  get frames() {
    return Number($("num_frames").value) || framesOf(USUAL.frames / USUAL.fps, this.fps);
  }

  get seconds() {
    return this.frames / this.fps;
  }

  // Lengths the engine can do: the longest clip has so many frames, whatever their pace.
  get lengths() {
    const longest = Math.floor(MOST_FRAMES / this.fps);
    const usual = Math.round(USUAL.frames / USUAL.fps);
    return [...new Set([3, 5, usual, 10].map((one) => Math.min(one, longest)))];
  }

  // Of all scenes together, each as long as it says or as all are.
  framesOf(scenes) {
    return scenes.reduce((sum, { seconds: own }) => sum + (own ? framesOf(Number(own), this.fps) : this.frames), 0);
  }

  // How a length is named here: "" where it is the usual one.
  named(length) {
    const frames = Math.round(length * this.fps);
    if (frames === framesOf(USUAL.frames / USUAL.fps, this.fps)) return "";
    return String(this.lengths.find((one) => framesOf(one, this.fps) === frames) ?? length);
  }

  offerLengths() {
    this.length.offer(this.lengths.map((one) => ({ value: String(one), label: seconds(one) })));
    this.showLength();
  }

  showLength() {
    const set = $("num_frames").value;
    this.length.show(set ? "" : String(Math.round(USUAL.frames / USUAL.fps)));
    for (const one of this.length.box.children) {
      if (set && framesOf(Number(one.dataset.value), this.fps) === Number(set)) {
        this.length.show(one.dataset.value);
      }
    }
    $("num_frames").placeholder = this.frames;
  }

  chooseLength(value) {
    const usual = Number(value) === Math.round(USUAL.frames / USUAL.fps);
    const frames = Math.min(framesOf(Number(value), this.fps), MOST_FRAMES);
    $("num_frames").value = usual ? "" : frames;
    this.changed();
  }

  chooseShape(value) {
    const size = SHAPES[value] && fitted(SHAPES[value]);
    $("width").value = size?.width ?? "";
    $("height").value = size?.height ?? "";
    this.changed();
  }

  // The shape that was chosen, or null where the picture's own is kept.
  get asked() {
    const [width, height] = [Number($("width").value), Number($("height").value)];
    return width && height ? width / height : null;
  }

  showShape() {
    const size = this.asked && `${$("width").value}x${$("height").value}`;
    const chosen = Object.entries(SHAPES).find(([, ratio]) => {
      const fit = ratio && fitted(ratio);
      return fit && `${fit.width}x${fit.height}` === size;
    });
    this.shape.show(size ? (chosen?.[0] ?? "") : "auto");
    const fit = this.ratio && fitted(this.ratio);
    if (fit) [$("width").placeholder, $("height").placeholder] = [fit.width, fit.height];
    const shown = size ?? (fit && `${fit.width}x${fit.height}`);
    $("pixels").textContent = shown ? shown.replace("x", "×") : "";
  }

  // The picture has another shape now.
  picture(ratio) {
    this.ratio = ratio;
    this.showShape();
  }

  edited(target) {
    this.touched.add(target.id);
    if (target.id === "fps") this.offerLengths();
    const other = { width: $("height"), height: $("width") }[target.id];
    if (other && !other.value) other.value = other.placeholder;
    if (other && !target.value) other.value = "";
    this.changed();
  }

  changed() {
    this.showLength();
    this.showShape();
    this.showSliders();
    this.onChange();
  }

  showSliders() {
    for (const name of SLIDERS) {
      const own = this.defaults[name];
      if (!this.touched.has(name) && own !== null && own !== undefined) $(name).value = own;
      const output = $(name).parentElement.querySelector("output");
      const usual = this.touched.has(name) ? "" : ` · ${say("page.usual")}`;
      output.textContent = number(Number($(name).value), 2) + usual;
    }
  }

  lock(on) {
    $("lock").ariaPressed = String(on);
  }

  // A seed that is not locked serves once.
  used() {
    if ($("lock").ariaPressed !== "true") $("seed").value = "";
  }

  reset({ quietly = false } = {}) {
    this.touched.clear();
    for (const field of $("fine").querySelectorAll("input, textarea")) {
      if (field.type === "checkbox") field.checked = false;
      else if (field.type !== "range") field.value = "";
    }
    $("variations").value = "1";
    this.lock(false);
    this.showLength();
    this.showShape();
    this.showSliders();
    if (!quietly) this.onChange();
  }

  // What differs from the usual, by the API's names.
  fields() {
    const fields = {};
    const own = (name) => !$(name).closest("[data-needs]")?.hidden;
    for (const name of PLAIN) if ($(name).value && own(name)) fields[name] = $(name).value;
    for (const name of SLIDERS) if (this.touched.has(name) && own(name)) fields[name] = $(name).value;
    if ($("num_frames").value) fields.num_frames = $("num_frames").value;
    if (this.asked) fields.size = `${$("width").value}x${$("height").value}`;
    for (const name of ["loop", "boomerang", "draft"]) if ($(name).checked && own(name)) fields[name] = true;
    if ($("variations").value !== "1") fields.variations = $("variations").value;
    return fields;
  }

  set(fields) {
    this.reset({ quietly: true });
    for (const name of [...PLAIN, ...SLIDERS, "num_frames"]) {
      if (fields[name] === undefined || fields[name] === null) continue;
      $(name).value = fields[name];
      this.touched.add(name);
    }
    const [width, height] = (fields.size ?? "").split("x");
    [$("width").value, $("height").value] = [width ?? "", height ?? ""];
    for (const name of ["loop", "boomerang", "draft"]) $(name).checked = Boolean(fields[name]);
    if (typeof fields.variations === "string") $("variations").value = fields.variations; // a video names its own
    this.lock(Boolean(fields.locked));
    this.offerLengths();
    this.changed();
  }
}
