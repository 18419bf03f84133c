// Follows every job of the page to its end over one stream of events, whatever their number.

import { Problem, video } from "./api.js";

const RECONNECT_AFTER = 1500;
const ENDINGS = ["completed", "failed", "cancelled"];

const cards = new Map();
let source = null;

// Tell `card` everything about its job until it has ended.
export function follow(id, card) {
  cards.set(id, card);
  if (source === null) listen();
  else look(id); // what was told before this card was there
}

// The browser itself comes back with the id of the last event: ends that were missed are told then.
function listen() {
  source = new EventSource("v1/events");
  const tell = (name, done) => source.addEventListener(name, (event) => done(JSON.parse(event.data)));
  tell("queued", (data) => cards.get(data.video_id)?.queued(data));
  tell("progress", (data) => cards.get(data.video_id)?.progress(data));
  for (const name of ENDINGS) tell(name, (data) => look(data.video_id));
  source.onopen = () => cards.forEach((_, id) => look(id));
  source.onerror = () => {
    for (const card of cards.values()) card.waitForServer();
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    setTimeout(() => source ?? (cards.size && listen()), RECONNECT_AFTER);
  };
}

async function look(id) {
  const card = cards.get(id);
  if (!card) return;
  try {
    const now = await video(id);
    if (now.status === "completed" || now.status === "failed") forget(id);
    card.show(now);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      forget(id);
      card.gone();
    } else {
      setTimeout(() => look(id), RECONNECT_AFTER);
    }
  }
}

function forget(id) {
  cards.delete(id);
  if (cards.size || source === null) return;
  source.close();
  source = null;
}
