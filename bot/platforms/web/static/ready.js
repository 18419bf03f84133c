// Tells that a clip is there: to ears, in the title, beside the icon, and outside of the page.

import { $ } from "./dom.js";
import { active, cancelled, wordsOf } from "./jobs.js";
import { stateOf } from "./card.js";
import { ordinal, pair, say, version } from "./words.js";

const LOOKED_AT = 2000;
const LONG = 60;

export class Ready {
  constructor() {
    this.unseen = new Map();
    this.told = new Map();
    this.sight = new IntersectionObserver((entries) => this.look(entries), { threshold: 0.5 });
    document.addEventListener("visibilitychange", () => this.again());
    $("tell-me").addEventListener("click", async () => {
      await Notification.requestPermission();
      $("tell-me").hidden = true;
      $("select").focus();
    });
  }

  hear({ card, before, news, ended }) {
    const { video } = card;
    if (news && active(video)) {
      this.place(video);
      this.offer(video);
    }
    if (ended) this.ending(card, before);
  }

  // At most five sentences a request: its place, that it began, half of it, its end.
  place(video) {
    if (video.status === "queued") {
      const place = video.queue_position === 1 ? say("page.next") : say("page.place", { place: ordinal(video.queue_position ?? 1) });
      this.say(video, "queued", place);
    } else if (video.progress >= 50) this.say(video, "half", say("page.half"));
    else this.say(video, "running", say("page.phase.step"));
  }

  ending({ video, element }) {
    const state = stateOf(video);
    if (state === "done") this.say(video, "end", say("page.ready"));
    else this.say(video, "end", cancelled(video) ? say("page.cancelled") : (video.error?.message ?? say("page.failed")));
    if (state !== "done") return;
    this.unseen.set(video.id, element);
    element.classList.add("unseen-clip");
    this.sight.observe(element);
    this.count();
    this.notify(video);
  }

  // Each stage once, and nothing after the end.
  say(video, stage, sentence) {
    const stages = this.told.get(video.id) ?? new Set();
    if (stages.has(stage) || stages.has("end")) return;
    this.told.set(video.id, stages.add(stage));
    $("live").textContent = pair(wordsOf(video)[0] ?? say("page.clip"), sentence);
  }

  offer({ eta_seconds: eta }) {
    const asks = "Notification" in window && Notification.permission === "default";
    if (asks && eta > LONG) $("tell-me").hidden = false;
  }

  // By the service worker, for phones know no other way; whoever has the page before them needs none.
  async notify({ id, ...video }) {
    if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
    const about = { body: wordsOf(video)[0] ?? "", tag: id, icon: `static/icon-192.png?v=${version}` };
    const worker = await navigator.serviceWorker?.getRegistration();
    if (worker) await (await navigator.serviceWorker.ready).showNotification(say("page.ready"), about);
    else new Notification(say("page.ready"), about);
  }

  look(entries) {
    for (const { target, isIntersecting } of entries) target.inSight = isIntersecting;
    this.again();
  }

  // Who has had it before their eyes for a moment has seen it.
  again() {
    if (document.hidden) return;
    for (const [id, element] of this.unseen) {
      if (element.inSight) setTimeout(() => !document.hidden && element.inSight && this.forget(id), LOOKED_AT);
    }
  }

  forget(id) {
    const element = this.unseen.get(id);
    if (!element) return;
    this.unseen.delete(id);
    this.sight.unobserve(element);
    element.classList.remove("unseen-clip");
    this.count();
  }

  count() {
    const { size } = this.unseen;
    document.title = size ? `(${size}) photoplay` : "photoplay";
    $("icon").href = `static/favicon${size ? "-ready" : ""}.svg?v=${version}`;
  }
}
