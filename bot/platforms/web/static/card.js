// One request's life on the page: its place, its progress, its clip.

import { cancel, content, newKey, once } from "/static/api.js";

const PHASES = {
  load: "Getting ready",
  prepare: "Looking at the picture",
  step: "Animating",
  decode: "Finishing",
  encode: "Writing the clip",
};

const ordinal = (n) => {
  const ending = n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th";
  return `${n}${ending}`;
};

function duration(seconds) {
  if (seconds < 1.5) return "a moment";
  if (seconds < 90) return `about ${Math.round(seconds)} s`;
  return `about ${Math.round(seconds / 60)} min`;
}

export class Card {
  constructor(template, video, picture, { onMade, extends: extendable }) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.find = (name) => this.element.querySelector(`.${name}`);
    this.bar = this.element.querySelector("progress");
    this.id = video.id;
    this.find("prompt").textContent = video.prompt || "No words: the engine chose.";
    if (picture) this.find("poster").src = picture;
    else this.find("stage").hidden = true;
    this.find("cancel").addEventListener("click", () => this.cancel());
    this.find("again").addEventListener("click", () => this.once("remix"));
    this.find("extend").addEventListener("click", () => this.once("extend"));
    this.onMade = onMade;
    this.extendable = extendable;
    this.picture = picture;
    this.show(video);
  }

  show(video) {
    const size = video.size.replace("x", "×");
    this.find("facts").textContent = `${size} · seed ${video.seed}`;
    this.find("notes").replaceChildren(...video.notes.map(item));
    if (video.status === "queued" && video.queue_position) {
      this.queued({ position: video.queue_position, eta_seconds: video.eta_seconds });
    } else if (video.status === "completed") this.completed();
    else if (video.status === "failed") this.failed(video.error);
    else this.state("Getting ready …", null, null, true);
  }

  queued({ position, eta_seconds }) {
    const place = position === 1 ? "Next in line" : `${ordinal(position)} in line`;
    this.state(place, null, eta_seconds, true);
  }

  progress({ phase, step, steps, eta_seconds, preview }) {
    if (preview) {
      this.find("poster").src = preview;
      this.find("stage").hidden = false;
    }
    const counted = steps ? `: ${step} of ${steps}` : " …";
    this.state(`${PHASES[phase] ?? "Animating"}${counted}`, steps ? (100 * step) / steps : null,
      eta_seconds, true);
  }

  waitForServer() {
    this.state("The server restarts; your place is kept.", null, null, true);
  }

  gone() {
    this.state("This clip is gone.", null, null, false);
  }

  completed() {
    this.state("", null, null, false);
    const player = document.createElement("video");
    Object.assign(player, {
      src: content(this.id), poster: content(this.id, "thumbnail"), muted: true, loop: true,
      autoplay: !matchMedia("(prefers-reduced-motion: reduce)").matches, controls: true,
      playsInline: true,
    });
    this.find("stage").hidden = false;
    this.find("stage").replaceChildren(player);
    const link = this.find("download");
    link.href = content(this.id);
    link.download = `photoplay-${this.id.replace("video_", "")}.mp4`;
    link.hidden = false;
    this.find("again").hidden = false;
    this.find("extend").hidden = !this.extendable;
  }

  failed(error) {
    if (error?.code === "cancelled") this.state("Cancelled.", null, null, false);
    else this.state(error?.message ?? "It failed.", null, null, false, true);
  }

  async cancel() {
    this.find("cancel").disabled = true;
    try {
      this.show(await cancel(this.id));
    } catch (error) {
      this.state(error.message, null, null, true, true);
      this.find("cancel").disabled = false;
    }
  }

  async once(verb) {
    try {
      this.onMade(await once(this.id, verb, newKey()), this.picture);
    } catch (error) {
      this.state(error.message, null, null, false, true);
    }
  }

  state(words, percent, eta, active, bad = false) {
    clearInterval(this.clock);
    const due = eta === null || eta === undefined ? null : Date.now() + eta * 1000;
    const say = () => {
      const left = due === null ? "" : ` · ${duration((due - Date.now()) / 1000)} left`;
      this.find("state").textContent = words + left;
    };
    say();
    if (due !== null) this.clock = setInterval(say, 1000);
    this.find("state").classList.toggle("bad", bad);
    this.bar.hidden = !active;
    if (percent === null) this.bar.removeAttribute("value");
    else this.bar.value = percent;
    this.find("cancel").hidden = !active;
  }
}

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}
