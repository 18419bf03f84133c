// Keeps what somebody was about to send, pictures too, so that a reload loses nothing.

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
      work.oncomplete = () => resolve(asked.result);
      work.onabort = work.onerror = () => reject(work.error);
    });
  } finally {
    database.close();
  }
}

// Where a browser keeps nothing, as in some private windows, the page works without.
export async function read(key) {
  try {
    return await used("readonly", (store) => store.get(key));
  } catch {
    return undefined;
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
