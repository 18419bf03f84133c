// What this browser keeps of small things: where it keeps none, or has no room, the page works without.

export function recall(name, otherwise = null) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // not kept, and nothing that is shown is lost by it
  }
}
