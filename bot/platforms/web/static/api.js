// The API as the page speaks it: answers, sentences for what goes wrong, and event streams.

import { say } from "./words.js";

export class Problem extends Error {
  constructor(message, { status = 0, retryAfter = null } = {}) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Problem(say("page.unreachable"));
  }
  if (answer.ok) return answer;
  let message = say("page.answered", { status: answer.status });
  try {
    message = (await answer.json()).error.message;
  } catch {
    // no sentence came with it
  }
  const retryAfter = answer.headers.get("Retry-After");
  throw new Problem(message, { status: answer.status, retryAfter });
}

export const signIn = (key) =>
  call("session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ key }),
  });

export const models = async () => (await (await call("v1/models")).json()).data;
export const videos = async () => (await (await call("v1/videos?limit=20")).json()).data;
export const video = async (id) => (await call(`v1/videos/${id}`)).json();
export const cancel = async (id) =>
  (await call(`v1/videos/${id}/cancel`, { method: "POST" })).json();

// Once more: "remix" takes the same picture, "extend" goes on from the clip's end.
export const once = async (id, verb, key) => {
  const headers = { "Idempotency-Key": key };
  return (await call(`v1/videos/${id}/${verb}`, { method: "POST", headers })).json();
};

export const create = async (fields, key) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const headers = { "Idempotency-Key": key };
  return (await call("v1/videos", { method: "POST", headers, body })).json();
};

export const content = (id, variant = "video") => `v1/videos/${id}/content?variant=${variant}`;

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
