// Keeps the shell of the page for when there is no network, and takes pictures that are shared with it.

const version = new URL(location.href).searchParams.get("v");
const SHELL = `photoplay-${version}`;
const home = new URL("./", location.href).href;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add(home)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const forget = async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("photoplay-") && name !== SHELL);
    await Promise.all(names.map((name) => caches.delete(name)));
  };
  event.waitUntil(forget());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === "POST" && url.href === new URL("share", home).href) {
    event.respondWith(taken(request));
  } else if (request.mode === "navigate" && request.method === "GET" && url.origin + url.pathname === home) {
    event.respondWith(fetched(request));
  } else if (url.href.startsWith(`${home}static/`) && url.searchParams.get("v") === version) {
    event.respondWith(kept(request));
  }
});

// Of a clip that is ready: the page comes to the front, or opens.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  const come = async () => {
    const [page] = await clients.matchAll({ type: "window" });
    await (page ? page.focus() : clients.openWindow(home));
  };
  event.waitUntil(come());
});

async function fetched(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(SHELL)).put(home, answer.clone());
    return answer;
  } catch {
    return (await caches.match(home)) ?? Response.error();
  }
}

async function kept(request) {
  const there = await caches.match(request);
  if (there) return there;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

async function taken(request) {
  const form = await request.formData();
  const picture = form.get("picture");
  if (picture instanceof File && picture.size) await keepShared({ picture, text: form.get("text") ?? "" });
  return Response.redirect(home, 303);
}

// The same store as draft.js: a service worker that is no module cannot import it.
function keepShared(shared) {
  return new Promise((resolve, reject) => {
    const asking = indexedDB.open("photoplay", 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore("draft");
    asking.onerror = () => reject(asking.error);
    asking.onsuccess = () => {
      const work = asking.result.transaction("draft", "readwrite");
      work.objectStore("draft").put(shared, "shared");
      work.oncomplete = resolve;
      work.onabort = () => reject(work.error);
    };
  });
}
