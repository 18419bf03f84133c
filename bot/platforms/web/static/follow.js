// Follows every job of the caller over one stream of events, whatever their number or their tab.

import { Problem, video } from "./api.js";

const RECONNECT_AFTER = 1500;
const ENDINGS = ["completed", "failed", "cancelled"];

const cards = new Map();
let source = null;
let found = null;

// Tell `card` everything about its job until it has ended.
export function follow(id, card) {
  cards.set(id, card);
  if (source !== null) look(id); // what was told before this card was there
}

// `onFound` hears the id of each job that has no card here, such as one of another tab, `onMissed`
// that there may be more of them. A hidden page listens to nothing: a browser has few connections.
export function listen({ onFound, onMissed }) {
  found = onFound;
  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) disconnect();
    else if (source === null) {
      connect();
      onMissed();
    }
  });
}

// The browser itself comes back with the id of the last event: ends that were missed are told then.
function connect() {
  if (document.hidden || source !== null) return;
  source = new EventSource("v1/events");
  const hear = (name, tell) =>
    source.addEventListener(name, (event) => {
      const data = JSON.parse(event.data);
      const card = cards.get(data.video_id);
      if (card) tell(card, data);
      else found(data.video_id);
    });
  hear("queued", (card, data) => card.queued(data));
  hear("progress", (card, data) => card.progress(data));
  for (const name of ENDINGS) hear(name, (_, data) => look(data.video_id));
  source.onopen = () => cards.forEach((_, id) => look(id));
  source.onerror = () => {
    for (const card of cards.values()) card.waitForServer();
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    setTimeout(connect, RECONNECT_AFTER);
  };
}

function disconnect() {
  source?.close();
  source = null;
}

async function look(id) {
  const card = cards.get(id);
  if (!card) return;
  try {
    const now = await video(id);
    if (now.status === "completed" || now.status === "failed") cards.delete(id);
    card.show(now);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) {
      cards.delete(id);
      card.gone();
    } else {
      setTimeout(() => look(id), RECONNECT_AFTER);
    }
  }
}
