// What this browser knows of its requests: the list as the server has it, kept current by events.

import { Problem, video, videos } from "./api.js";

export const PAGE = 24;
const MOST = 100; // that the server gives at once
const AGAIN_AFTER = 1500;

export const active = ({ status }) => status === "queued" || status === "in_progress";
export const cancelled = ({ error }) => error?.code === "cancelled";
export const expired = ({ status, expires_at }) =>
  status === "completed" && expires_at !== null && expires_at * 1000 < Date.now();

// What a film is about is said by whichever of its scenes has words.
export const wordsOf = ({ prompt, scenes }) => [prompt, ...(scenes ?? []).map((one) => one.prompt)].filter(Boolean);

// Dispatches "change" {id, video, before, news} for each video that is new, different or gone.
export class Jobs extends EventTarget {
  constructor() {
    super();
    this.all = new Map();
    this.asked = new Map();
    this.gone = new Set();
    this.last = null;
    this.complete = false;
  }

  // `older`: it comes from the list, below what is there.
  put(given, news = null, older = false) {
    if (this.gone.has(given.id)) return; // read before it was deleted
    const before = this.all.get(given.id) ?? null;
    if (before && !active(before) && active(given)) return; // read before it ended
    const due = given.eta_seconds === null ? null : Date.now() + given.eta_seconds * 1000;
    const now = { preview: before?.preview, phase: before?.phase, scene: before?.scene, ...given, due };
    this.all.set(given.id, now);
    this.tell({ id: given.id, video: now, before, news, older });
  }

  // The answer to a request of ours; the stream may have told of its end before.
  made(given) {
    this.put({ ...given, ...this.all.get(given.id) }, "made");
    for (const id of given.variations ?? []) if (!this.all.has(id)) this.look(id);
  }

  forget(id) {
    const before = this.all.get(id) ?? null;
    this.gone.add(id);
    this.all.delete(id);
    this.tell({ id, video: null, before, news: null }); // the form may hold one that no list here has
    for (const one of before?.variations ?? []) this.without(id, this.all.get(one));
  }

  // One of those that were asked for at once is gone.
  without(id, other) {
    if (other) this.put({ ...other, variations: other.variations.filter((one) => one !== id) });
  }

  tell(detail) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }

  hear(name, data) {
    const known = this.all.get(data.video_id);
    if (name === "deleted") return this.forget(data.video_id);
    if (name === "marked") return known && this.put({ ...known, favorite: data.favorite });
    if (!known || !["queued", "progress"].includes(name)) return this.look(data.video_id, name);
    if (!active(known)) return undefined; // told late
    const { eta_seconds } = data;
    if (name === "queued") {
      this.put({ ...known, status: "queued", queue_position: data.position, eta_seconds }, name);
    } else {
      const { step, steps, phase, scene } = data;
      const progress = phase === "encode" ? 99 : steps ? Math.min(99, Math.floor((100 * step) / steps)) : 0;
      const preview = data.preview ?? known.preview;
      this.put(
        { ...known, status: "in_progress", queue_position: null, progress, phase, scene, preview, eta_seconds },
        name,
      );
    }
    return undefined;
  }

  // Rows are the truth: how one ended is read, not heard.
  async look(id, news = null) {
    if (this.asked.has(id)) {
      this.asked.set(id, { news }); // what is on its way may have been read before this news
      return;
    }
    this.asked.set(id, null);
    try {
      this.put(await video(id), news);
    } catch (error) {
      if (error instanceof Problem && error.status === 404) this.forget(id);
      else setTimeout(() => this.look(id, news), AGAIN_AFTER);
    } finally {
      const again = this.asked.get(id);
      this.asked.delete(id);
      if (again) this.look(id, again.news);
    }
  }

  // The next page, older than what is here.
  async more() {
    if (this.complete || this.loading) return;
    this.loading = true;
    try {
      const page = await videos(PAGE, this.last);
      this.take(page);
    } finally {
      this.loading = false;
    }
  }

  take(page) {
    for (const one of page.data) this.put(one, null, true);
    this.last = page.last_id ?? this.last;
    this.complete = !page.has_more;
  }

  // After a silence: what is new, what is gone, and what became of what was going on. As many are
  // read as are known: of what is gone further down a new connection tells nothing.
  async refresh() {
    const known = [...this.all.values()];
    let { data, has_more: more, last_id: last } = await videos(PAGE);
    while (more && data.length < known.length) {
      const page = await videos(MOST, last);
      data = data.concat(page.data);
      ({ has_more: more, last_id: last } = page);
    }
    const ids = new Set(data.map(({ id }) => id));
    const since = more ? data.at(-1).created_at : -Infinity;
    for (const { id, created_at: at } of known) if (at > since && !ids.has(id)) this.forget(id);
    for (const one of data.reverse()) this.put(one);
    this.lookAtOthers(data);
  }

  // What became of those that were going on and that nobody told of.
  lookAtOthers(told = []) {
    const ids = new Set(told.map(({ id }) => id));
    for (const [id, one] of this.all) if (active(one) && !ids.has(id)) this.look(id);
  }
}
