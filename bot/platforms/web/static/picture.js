// The picture of the next clip: chosen, dropped, pasted or photographed, cropped, made small to send.

import { content } from "./api.js";
import { $, h, icon, Toast } from "./dom.js";
import { say, version } from "./words.js";
import { led, scene, Strip } from "./strip.js";

const LONGEST_SIDE = 2048; // the largest clip has 1280: more only takes longer to send
const ALL_BYTES = 30 * 2 ** 20; // what leaves together has to stay below the server's limit
const STEP = 0.02;
const MOST = 10;
const SAMPLES = ["coffee", "rocket", "cat"];

// `onChange` hears of a new picture, of none, of another crop, and of what a scene is to be; `onClip` of
// a clip in a picture's place, and whether it comes beside others.
export class Picture {
  constructor(onChange, onClip) {
    this.onChange = onChange;
    this.onClip = onClip;
    this.scenes = [];
    this.from = null;
    this.ratio = null;
    this.url = null;
    this.center();
    this.strip = new Strip({
      onOrder: (scenes) => this.keep(scenes),
      onEdit: onChange,
      onAdd: () => this.choose({ more: true }),
    });
    this.listen();
  }

  get files() {
    return this.scenes.flatMap(({ file }) => file ?? []);
  }

  get empty() {
    return this.scenes.length === 0 && this.from === null;
  }

  listen() {
    for (const name of ["file", "camera"]) {
      $(name).addEventListener("change", () => {
        this.take([...$(name).files], this.adds);
        $(name).value = "";
      });
    }
    $("take-photo").addEventListener("click", () => $("camera").click());
    $("change").addEventListener("click", () => this.choose());
    $("remove").append(icon("close"));
    $("remove").addEventListener("click", () => {
      this.clear();
      $("file").focus();
    });
    $("samples").append(...SAMPLES.map((name) => this.sample(name)));
    listenToWindow((files) => this.take(files));
    $("preview").addEventListener("load", () => this.loaded());
    $("preview").addEventListener("error", () => this.unseen());
    listenToCrop(this);
  }

  sample(name) {
    const drawing = h("img", { loading: "lazy", src: `static/sample-${name}-small.jpg?v=${version}`, alt: "" });
    const use = async () => {
      const answer = await fetch(`static/sample-${name}.jpg?v=${version}`);
      this.take([new File([await answer.blob()], `${name}.jpg`, { type: "image/jpeg" })]);
    };
    return h("button", { type: "button", "aria-label": say(`page.sample.${name}`), onclick: use }, drawing);
  }

  choose({ more = false } = {}) {
    this.adds = more;
    $("file").click();
  }

  // Beside several there is room for more; one alone is replaced.
  take(files, more = this.scenes.length > 1) {
    this.adds = false;
    if (files.length === 0) return;
    const pictures = files.filter(({ type }) => !type.startsWith("video/"));
    if (pictures.length === 0) {
      this.onClip(files[0], more && this.scenes.length > 1);
      return;
    }
    if (pictures.length < files.length) new Toast(say("errors.invalid_image.video"), { bad: true });
    if (!more) this.scenes = [];
    this.add(pictures.map((file) => scene({ file })));
  }

  // Behind those that are there, as far as there is room.
  add(scenes) {
    const all = [...this.scenes, ...scenes];
    if (all.length > MOST) new Toast(say("page.first_ones", { count: MOST }));
    this.from = null;
    this.keep(all.slice(0, MOST));
  }

  // The picture of a clip that is there: it need not be sent again.
  takeFrom(video) {
    this.scenes = [];
    this.from = video;
    this.center();
    this.draw();
    this.onChange();
  }

  keep(scenes) {
    this.scenes = led(scenes);
    this.center();
    this.draw();
    this.onChange();
  }

  clear() {
    this.from = null;
    this.keep([]);
  }

  // The first of them is no picture.
  drop() {
    this.from = null;
    this.keep(this.scenes.slice(1));
  }

  // One object URL at a time: each holds its whole picture in memory until it is given back.
  draw() {
    if (this.url) URL.revokeObjectURL(this.url);
    const [first] = this.files;
    this.url = first ? URL.createObjectURL(first) : null;
    this.size = null;
    $("stage").classList.toggle("empty", this.empty);
    for (const name of ["choose", "take-photo", "samples"]) $(name).hidden = !this.empty;
    $("picture-buttons").hidden = this.empty;
    $("no-preview").hidden = true;
    $("fit").hidden = true;
    this.strip.show(this.scenes, MOST);
    const shown = this.url ?? (this.from && content(this.from.id, "poster"));
    if (shown) $("preview").src = shown;
    else $("preview").removeAttribute("src");
    $("preview").alt = first?.name ?? this.from?.prompt ?? "";
    this.drawCrop();
  }

  loaded() {
    if (this.empty) return;
    const { naturalWidth: width, naturalHeight: height } = $("preview");
    this.size = { width, height };
    $("stage").style.setProperty("--ratio", width / height);
    $("fit").hidden = false;
    this.drawCrop();
    this.onChange();
  }

  unseen() {
    if (this.empty) return;
    $("no-preview").hidden = false;
    $("no-preview").textContent = say("page.no_preview", { name: this.files[0]?.name ?? "" });
  }

  shape(ratio) {
    this.ratio = ratio;
    this.drawCrop();
  }

  center() {
    this.crop = { x: 0.5, y: 0.5, zoom: 1 };
    $("zoom").value = 1;
  }

  get cropped() {
    return this.ratio !== null && this.size !== null && this.scenes.length === 1;
  }

  // What is cut out, as shares of the picture.
  area() {
    const own = this.size.width / this.size.height;
    const width = Math.min(1, this.ratio / own) / this.crop.zoom;
    const height = Math.min(1, own / this.ratio) / this.crop.zoom;
    const within = (center, side) => Math.min(Math.max(center, side / 2), 1 - side / 2) - side / 2;
    return { left: within(this.crop.x, width), top: within(this.crop.y, height), width, height };
  }

  move(x, y) {
    const { width, height } = this.area();
    const within = (center, side) => Math.min(Math.max(center, side / 2), 1 - side / 2);
    this.crop.x = within(this.crop.x + x, width);
    this.crop.y = within(this.crop.y + y, height);
    this.drawCrop();
    this.onChange();
  }

  drawCrop() {
    $("crop").hidden = $("zoom-row").hidden = !this.cropped;
    $("framing").hidden = this.size === null;
    $("cut").hidden = this.size === null || this.scenes.length !== 1;
    const area = this.cropped ? this.area() : { left: 0, top: 0, width: 1, height: 1 };
    for (const side of ["left", "top", "width", "height"]) {
      for (const name of ["crop", "shown"]) $(name).style[side] = `${100 * area[side]}%`;
    }
  }

  // What is sent: as it came where it is small enough, else drawn anew.
  async ready(scenes) {
    const most = ALL_BYTES / scenes.length;
    return Promise.all(scenes.map(({ file }) => file && smaller(file, this.cropped ? this.area() : null, most)));
  }
}

async function smaller(file, area, most) {
  let drawing;
  try {
    drawing = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // this browser cannot read it; the server will see
  }
  const { left, top, width, height } = area ?? { left: 0, top: 0, width: 1, height: 1 };
  const [w, h] = [width * drawing.width, height * drawing.height];
  const scale = Math.min(1, LONGEST_SIDE / Math.max(w, h));
  if (area === null && scale === 1 && file.size <= most) {
    drawing.close();
    return file;
  }
  const canvas = new OffscreenCanvas(Math.round(w * scale), Math.round(h * scale));
  const brush = canvas.getContext("2d");
  brush.imageSmoothingQuality = "high";
  brush.drawImage(drawing, left * drawing.width, top * drawing.height, w, h, 0, 0, canvas.width, canvas.height);
  drawing.close();
  const type = file.type === "image/jpeg" ? file.type : "image/webp"; // which keeps what is clear
  const blob = await canvas.convertToBlob({ type, quality: 0.93 });
  return new File([blob], file.name, { type: blob.type });
}

function listenToCrop(picture) {
  let from = null;
  const box = $("crop");
  box.addEventListener("pointerdown", (event) => {
    from = event;
    box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    if (!from) return;
    const { width, height } = $("fit").getBoundingClientRect();
    picture.move((event.clientX - from.clientX) / width, (event.clientY - from.clientY) / height);
    from = event;
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, () => (from = null));
  box.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (!steps[event.key]) return;
    event.preventDefault();
    picture.move(...steps[event.key]);
  });
  $("zoom").addEventListener("input", () => {
    picture.crop.zoom = Number($("zoom").value);
    picture.move(0, 0);
  });
}

// Whatever is dropped anywhere is a picture for the form: beside it, a browser would open it instead.
function listenToWindow(take) {
  const over = (is) => ($("drop-here").hidden = !is);
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget === null && over(false));
  addEventListener("drop", (event) => {
    over(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const words = types.includes("text/plain") && types.includes("text/html"); // and a picture of them
    if (files.length === 0 || words) return;
    event.preventDefault();
    take([...files]);
  });
}
