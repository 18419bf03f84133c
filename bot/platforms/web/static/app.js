// Puts the page together: who is asking, the form, the clips, and the stream that keeps them current.

import { finishDeleting, unfinished } from "./acts.js";
import { me, model, signIn, videos } from "./api.js";
import { Composer } from "./composer.js";
import { $, Toast } from "./dom.js";
import { Gallery } from "./gallery.js";
import { Header, Keys } from "./header.js";
import { Jobs, PAGE } from "./jobs.js";
import { Ready } from "./ready.js";
import { Stream } from "./stream.js";
import { say, version } from "./words.js";

const LOOK_AGAIN = 800;
const COME_BACK = 5000;

const header = new Header();
let page = null;

class Page {
  constructor(serves) {
    this.jobs = new Jobs();
    this.gallery = new Gallery({ jobs: this.jobs, model: serves, ready: new Ready() });
    this.composer = new Composer({
      sending: (about) => this.gallery.sending(about),
      made: (video, reveal) => this.made(video, reveal),
    });
    this.gallery.acts.composer = this.composer;
    new Keys(this.gallery);
    this.jobs.addEventListener("change", ({ detail: { before, video } }) => {
      if (!before || !video || before.status !== video.status) this.lookSoon();
    });
    this.jobs.addEventListener("change", ({ detail: { id, video } }) => video || this.composer.leave(id));
    this.stream = new Stream({
      hear: (name, data) => this.jobs.hear(name, data),
      link: (state, before) => this.linked(state, before),
    });
    this.stream.open();
    this.offer(serves);
  }

  offer(serves) {
    header.offer(serves);
    this.composer.offer(serves);
  }

  allow(standing) {
    header.allow(standing);
    this.gallery.total = standing.videos;
    this.gallery.count();
    this.composer.limits.allow(standing);
  }

  made(video, reveal) {
    if (video) this.jobs.made(video);
    else this.lookSoon();
    if (video && reveal) this.gallery.reveal(video.id);
  }

  // What is left of the limits changes with whatever was asked for or ended.
  lookSoon() {
    clearTimeout(this.later);
    this.later = setTimeout(async () => {
      try {
        this.allow(await me());
      } catch (error) {
        if (error.status === 401) location.reload();
      }
    }, LOOK_AGAIN);
  }

  async linked(state, before) {
    this.gallery.tick(state);
    $("link").hidden = state === "live";
    $("link").textContent = state === "live" ? "" : say(`page.link.${state}`);
    if (state !== "live") return;
    if (before === null) {
      this.jobs.lookAtOthers(); // ended between the list and the first word of the stream
      return;
    }
    try {
      await this.jobs.refresh();
      this.composer.lookAtClip();
      this.offer(await model());
      this.lookSoon();
    } catch {
      // the stream says when the server is there again
    }
  }
}

const asked = () => Promise.all([me(), model(), videos(PAGE)]);

async function open(answers) {
  const [standing, serves, list] = await answers;
  $("sign-in").hidden = true;
  $("app").hidden = false;
  page = new Page(serves);
  const leaving = unfinished();
  page.jobs.take({ ...list, data: list.data.filter(({ id }) => !leaving.includes(id)) });
  page.allow(standing);
  if (leaving.length) finishDeleting(leaving).then(() => page.lookSoon());
  page.composer.restore();
  document.documentElement.dataset.ready = "true";
  performance.mark("ready");
}

async function start() {
  try {
    await open(asked());
  } catch (error) {
    if (error.status === undefined) throw error;
    if (error.status === 401) {
      $("sign-in").hidden = false;
      $("key").focus();
    } else {
      new Toast(error.message, { bad: true, lasts: COME_BACK });
      setTimeout(() => location.reload(), COME_BACK);
    }
  }
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = $("sign-in").querySelector(".problem");
  problem.textContent = "";
  try {
    await signIn($("key").value);
    await open(asked());
    $("prompt").focus();
  } catch (error) {
    problem.textContent = error.status === 401 ? say("page.unknown_key") : error.message;
    $("key").focus();
  }
});

start().then(() => navigator.serviceWorker?.register(`sw.js?v=${version}`).catch(() => {}));
