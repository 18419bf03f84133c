// What the button says beside its name: how long it will take, or until when there is no more.

import { $ } from "./dom.js";
import { duration, say } from "./words.js";

const USUAL_WORK = 161 * 704 * 480;

export class Limits {
  constructor({ picture, options }) {
    this.strip = picture.strip;
    this.options = options;
    this.standing = { left: {} };
    this.blocked = false;
  }

  offer({ estimate_seconds: usual }) {
    this.usual = usual;
    this.show();
  }

  // What is left of them, as the server counts.
  allow(me) {
    this.standing = me;
    this.show();
  }

  show() {
    clearTimeout(this.counting);
    const { left, next_at: next, used } = this.standing;
    const wait = next === null || next === undefined ? 0 : next - Date.now() / 1000;
    const full = left.queued_per_user === 0;
    const short = this.count();
    this.blocked = wait > 0 || full || short;
    $("go").ariaDisabled = String(this.blocked); // a button that is turned off would lose the focus
    if (wait > 0) {
      $("estimate").textContent = say("page.next_in", { time: duration(wait) });
      this.counting = setTimeout(() => this.show(), 1000);
    } else $("estimate").textContent = full ? say("page.full", { count: used.queued_per_user }) : this.estimate();
  }

  // What is asked for counts with each of its clips, and is sent whole or not at all: true where it cannot be.
  count() {
    const clips = this.clips();
    const { left, limits } = this.standing;
    const short = ["hour", "day"].find((one) => (left[`per_${one}`] ?? clips) < clips);
    const most = limits?.[`per_${short ?? "hour"}`];
    const told = { scenes: clips, clips, most, left: left[`per_${short}`] };
    const several = clips > 1 && short;
    if (several) this.strip.say(say(`errors.quota_exceeded.several_${short}`, told), { bad: true });
    else this.strip.say(clips > 1 ? this.counted(told) : "");
    return Boolean(several);
  }

  // A film's scenes, or clips of how many pictures in how many variations.
  clips() {
    const { way, made } = this.strip;
    if (way === "film") return made.length;
    return (way === "each" ? made.length : 1) * Number($("variations").value);
  }

  counted(told) {
    const { way, made } = this.strip;
    const { left } = this.standing;
    const counts = way === "film" ? "chat.film.counts" : "page.counts";
    return [
      told.most ? say(counts, told) : "",
      way === "each" && made.length > (left.queued_per_user ?? Infinity) ? say("page.now_at_most", { count: left.queued_per_user }) : "",
    ].join(" ").trim();
  }

  estimate() {
    const { width, height } = this.size();
    const { way, made } = this.strip;
    const frames = ["film", "each"].includes(way) ? this.options.framesOf(made) : this.options.frames;
    const times = way === "film" ? 1 : Number($("variations").value);
    const work = (frames * times * width * height) / USUAL_WORK;
    return this.usual ? say("page.ready_in", { time: duration(this.usual * work) }) : "";
  }

  size() {
    const [width, height] = $("pixels").textContent.split("×").map(Number);
    return width && height ? { width, height } : { width: 704, height: 480 };
  }
}
