// The API as the page speaks it: answers, uploads that tell how far they are, sentences for failures.

import { newKey } from "./dom.js";
import { duration, say } from "./words.js";

export class Problem extends Error {
  constructor(message, { status = 0, param = null, retryAfter = null, code = null } = {}) {
    super(message);
    Object.assign(this, { status, param, retryAfter, code });
  }
}

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Problem(say(navigator.onLine ? "page.unreachable" : "page.offline"));
  }
  if (answer.ok) return answer;
  throw problem(answer.status, await answer.text(), answer.headers.get("Retry-After"));
}

function problem(status, text, wait) {
  let error = {};
  try {
    error = JSON.parse(text).error;
  } catch {
    // no sentence came with it: a proxy answered
  }
  const retryAfter = wait === null ? null : Number(wait);
  const later = status === 429 && retryAfter
    ? ` ${say("page.try_again_in", { time: duration(retryAfter) })}` : "";
  const message = (error.message ?? say("page.answered", { status })) + later;
  const { param, code } = error;
  return new Problem(message, { status, param, code, retryAfter });
}

const json = async (path, options) => (await call(path, options)).json();
const sent = (method, body, headers = {}) => ({
  method,
  headers: { "Content-Type": "application/json", ...headers },
  body: JSON.stringify(body),
});

export const signIn = (key) => call("session", sent("POST", { key }));
export const signOut = () => call("session", { method: "DELETE" });
export const me = () => json("v1/me");
export const model = async () => (await json("v1/models")).data[0];
export const link = (id) => json(`v1/videos/${id}/link`);
export const video = (id) => json(`v1/videos/${id}`);
export const videos = (limit, after = null) =>
  json(`v1/videos?limit=${limit}${after ? `&after=${after}` : ""}`);
export const cancel = (id) => json(`v1/videos/${id}/cancel`, { method: "POST" });
// Also when the page is being left; what somebody else has deleted meanwhile is deleted.
export const remove = (id) => call(`v1/videos/${id}`, { method: "DELETE", keepalive: true }).catch((error) => {
  if (error.status !== 404) throw error;
});
export const mark = (id, favorite) => json(`v1/videos/${id}`, sent("PATCH", { favorite }));
export const understood = (prompt) => json("v1/directions", sent("POST", { prompt }));
export const blob = async (path) => (await call(path)).blob();

// Once more: "remix" takes the same picture, "extend" goes on from the clip's end.
export const once = (id, verb, changes = {}, key = newKey()) =>
  json(`v1/videos/${id}/${verb}`, sent("POST", changes, { "Idempotency-Key": key }));

// How a clip was made that somebody has as a file.
export function recipeIn(clip) {
  const body = new FormData();
  body.append("video", clip);
  return json("v1/videos/recipe", { method: "POST", body });
}

export const content = (id, variant = "video") => `v1/videos/${id}/content?variant=${variant}`;
export const archive = (ids) => `v1/videos/archive?ids=${ids.join(",")}`;

// `fetch` does not tell how much of a body has left; this does. `stop` is an AbortSignal.
export function create(fields, key, onSent, stop) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "v1/videos");
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.onprogress = ({ loaded, total }) => onSent((100 * loaded) / total);
    request.onload = () => {
      if (request.status === 200) return resolve(JSON.parse(request.responseText));
      reject(problem(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () =>
      reject(new Problem(say(navigator.onLine ? "page.unreachable" : "page.offline")));
    request.onabort = () => reject(new Problem(""));
    stop.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

const NUMBERS = ["seed", "fps", "num_frames", "num_inference_steps", "guidance_scale", "strength", "motion_strength"];

// JSON has numbers where a form has text.
export function typed(fields) {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value]));
}

export function fileFrom(url, name) {
  const [head, content] = url.split(",");
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  return new File([bytes], name, { type: head.slice("data:".length, head.indexOf(";")) });
}

export function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
