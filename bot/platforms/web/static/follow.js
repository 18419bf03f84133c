// Follows jobs to their end: a few by event stream, since browsers open only six connections to
// one host over HTTP/1.1; the others are asked about now and then until a stream is free.

import { Problem, video } from "./api.js";

const STREAMS = 3;
const ASK_EVERY = 3000;
const RECONNECT_AFTER = 1500;
const ENDINGS = ["completed", "failed", "cancelled"];

let streaming = 0;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Tell `card` everything about its job until it has ended.
export async function follow(id, card) {
  for (;;) {
    if (streaming < STREAMS) {
      streaming += 1;
      const ended = await stream(id, card);
      streaming -= 1;
      if (!ended) {
        card.waitForServer();
        await pause(RECONNECT_AFTER);
      }
    } else {
      await pause(ASK_EVERY);
    }
    try {
      const now = await video(id);
      card.show(now);
      if (now.status === "completed" || now.status === "failed") return;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return card.gone();
      card.waitForServer();
      await pause(RECONNECT_AFTER);
    }
  }
}

// Resolves to true when the job has ended, to false when the connection has.
function stream(id, card) {
  return new Promise((resolve) => {
    const source = new EventSource(`v1/videos/${id}/events`);
    const close = (ended) => {
      source.close();
      resolve(ended);
    };
    source.addEventListener("queued", (event) => card.queued(JSON.parse(event.data)));
    source.addEventListener("progress", (event) => card.progress(JSON.parse(event.data)));
    for (const name of ENDINGS) source.addEventListener(name, () => close(true));
    source.addEventListener("restarting", () => close(false));
    source.onerror = () => close(false);
  });
}
