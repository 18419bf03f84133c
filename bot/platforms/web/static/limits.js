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

  // A film counts with each of its scenes, and is taken whole or not at all: true where it cannot be.
  count() {
    const scenes = this.strip.way === "film" ? this.strip.scenes.length : 0;
    const { left, limits } = this.standing;
    const short = ["hour", "day"].find((one) => (left[`per_${one}`] ?? scenes) < scenes);
    const most = limits?.[`per_${short ?? "hour"}`];
    const told = { scenes, clips: scenes, most, left: left[`per_${short}`] };
    if (short) this.strip.say(say(`errors.quota_exceeded.several_${short}`, told), { bad: true });
    else this.strip.say(scenes && most ? say("chat.film.counts", told) : "");
    return short !== undefined;
  }

  estimate() {
    const { width, height } = this.size();
    const each = ["film", "each"].includes(this.strip.way);
    const frames = each ? this.options.framesOf(this.strip.made) : this.options.frames;
    const work = (frames * width * height) / USUAL_WORK;
    return this.usual ? say("page.ready_in", { time: duration(this.usual * work) }) : "";
  }

  size() {
    const [width, height] = $("pixels").textContent.split("×").map(Number);
    return width && height ? { width, height } : { width: 704, height: 480 };
  }
}
