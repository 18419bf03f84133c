// Keeps what somebody was about to send, pictures too, so that a reload loses nothing.

import { $ } from "./dom.js";
import { recall, remember } from "./memory.js";

const NAME = "photoplay";
const STORE = "draft";

function opened() {
  return new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore(STORE);
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
}

async function used(mode, use) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const work = database.transaction(STORE, mode);
      const asked = use(work.objectStore(STORE));
      work.oncomplete = () => resolve([asked].flat().map(({ result }) => result));
      work.onabort = work.onerror = () => reject(work.error);
    });
  } finally {
    database.close();
  }
}

// Where a browser keeps nothing, as in some private windows, the page works without.
export async function read(...keys) {
  try {
    return await used("readonly", (store) => keys.map((key) => store.get(key)));
  } catch {
    return [];
  }
}

export async function write(key, value) {
  try {
    await used("readwrite", (store) => store.put(value, key));
  } catch {
    // not kept; nothing that was typed is lost by it
  }
}

export const erase = (key) => write(key, null);

const SENT = "photoplay-earlier";
const MOST = 20;

// Words that were sent before, as a terminal recalls its commands: ↑ on the first line, ↓ back to one's own.
export class Earlier {
  constructor(onRecall) {
    this.onRecall = onRecall;
    this.at = 0;
    const prompt = $("prompt");
    prompt.addEventListener("input", () => (this.at = 0));
    prompt.addEventListener("keydown", ({ key, isComposing }) => {
      if (isComposing) return;
      if (key === "ArrowUp" && prompt.selectionEnd === 0) this.recall(1);
      else if (key === "ArrowDown" && this.at) this.recall(-1);
    });
  }

  get all() {
    return recall(SENT, []);
  }

  recall(step) {
    const { all } = this;
    if (this.at === 0) this.own = $("prompt").value;
    this.at = Math.min(this.at + step, all.length);
    $("prompt").value = this.at ? all[this.at - 1] : this.own;
    $("prompt").setSelectionRange(0, 0);
    this.onRecall();
  }

  add(words) {
    this.at = 0;
    if (!words.trim()) return;
    remember(SENT, [words, ...this.all.filter((one) => one !== words)].slice(0, MOST));
  }
}
