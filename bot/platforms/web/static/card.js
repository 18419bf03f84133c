// One request's life on the page: its place, its progress, its clip.

import { cancel, content, newKey, once } from "./api.js";
import { duration, ordinal, say } from "./words.js";

export class Card {
  constructor(template, video, picture, { onMade, extends: extendable }) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.find = (name) => this.element.querySelector(`.${name}`);
    this.bar = this.element.querySelector("progress");
    this.id = video.id;
    this.find("prompt").textContent = video.prompt || say("page.no_words");
    this.find("stage").hidden = true;
    this.find("cancel").addEventListener("click", () => this.cancel());
    this.find("again").addEventListener("click", () => this.once("remix"));
    this.find("extend").addEventListener("click", () => this.once("extend"));
    this.onMade = onMade;
    this.extendable = extendable;
    this.showPicture(picture);
    this.show(video);
  }

  showPicture(picture) {
    this.picture = picture;
    const poster = this.find("poster");
    if (!picture || !poster) return;
    poster.src = picture;
    this.find("stage").hidden = false;
  }

  show(video) {
    const size = video.size.replace("x", "×");
    this.find("facts").textContent = say("page.facts", { size, seed: video.seed });
    this.find("notes").replaceChildren(...video.notes.map(item));
    if (video.status === "queued" && video.queue_position) {
      this.queued({ position: video.queue_position, eta_seconds: video.eta_seconds });
    } else if (video.status === "completed") this.completed();
    else if (video.status === "failed") this.failed(video.error);
    else this.state(`${say("page.phase.load")} …`, null, null, true);
  }

  queued({ position, eta_seconds }) {
    const place = position === 1 ? say("page.next") : say("page.place", { place: ordinal(position) });
    this.state(place, null, eta_seconds, true);
  }

  progress({ phase, step, steps, eta_seconds, preview }) {
    if (preview) {
      this.find("poster").src = preview;
      this.find("stage").hidden = false;
    }
    const words = say(`page.phase.${phase}`);
    const counted = steps ? say("page.counted", { words, step, steps }) : `${words} …`;
    this.state(counted, steps ? (100 * step) / steps : null, eta_seconds, true);
  }

  waitForServer() {
    this.state(say("page.restarting"), null, null, true);
  }

  gone() {
    this.state(say("page.gone"), null, null, false);
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
    if (error?.code === "cancelled") this.state(say("page.cancelled"), null, null, false);
    else this.state(error?.message ?? say("page.failed"), null, null, false, true);
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
    const tell = () => {
      const left = due === null ? null : duration((due - Date.now()) / 1000);
      const end = left === null ? "" : ` · ${say("page.left", { left })}`;
      this.find("state").textContent = words + end;
    };
    tell();
    if (due !== null) this.clock = setInterval(tell, 1000);
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
