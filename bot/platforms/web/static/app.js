// Puts the page together: sign in where a key is needed, then the form and the clips.

import { models, signIn, video, videos } from "./api.js";
import { Card } from "./card.js";
import { Composer } from "./composer.js";
import { follow, listen } from "./follow.js";
import { load, say } from "./words.js";

const $ = (id) => document.getElementById(id);

let extendable = false;
const shown = new Map();
const asked = new Set();

// The stream may tell of a job before the answer that made it is here: one card for both.
function add(video, picture) {
  const there = shown.get(video.id);
  if (there) {
    there.showPicture(picture);
    return;
  }
  const card = new Card($("card"), video, picture, { onMade: add, extends: extendable });
  shown.set(video.id, card);
  $("cards").prepend(card.element);
  if (video.status === "queued" || video.status === "in_progress") follow(video.id, card);
}

async function find(id) {
  if (shown.has(id) || asked.has(id)) return;
  asked.add(id);
  try {
    add(await video(id), null);
  } catch {
    // it is gone, or the next event asks again
  } finally {
    asked.delete(id);
  }
}

async function addMissed() {
  try {
    for (const video of (await videos()).reverse()) add(video, null);
  } catch {
    // the stream says when the server is there again
  }
}

async function open() {
  const [model] = await models();
  extendable = model.supports.extend;
  const earlier = await videos();
  $("sign-in").hidden = true;
  $("composer").hidden = false;
  const composer = new Composer(add);
  composer.offer(model);
  $("notice").textContent = model.notice ?? "";
  for (const video of earlier.reverse()) add(video, null);
  listen({ onFound: find, onMissed: addMissed });
}

async function start() {
  try {
    await load();
    await open();
  } catch (error) {
    if (error.status === 401) {
      $("sign-in").hidden = false;
      $("key").focus();
    } else {
      $("composer").hidden = false;
      $("problem").textContent = error.message;
    }
  }
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const problem = $("sign-in").querySelector(".problem");
  try {
    await signIn($("key").value);
    await open();
  } catch (error) {
    problem.textContent = error.status === 401 ? say("page.unknown_key") : error.message;
  }
});

start();
