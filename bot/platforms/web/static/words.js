// What the page says, in the language that the browser asks for.

let words = {};
let language = "en";

// Fetch the sentences, then put them into the page and its template.
export async function load() {
  ({ language, words } = await (await fetch("words")).json());
  document.documentElement.lang = language;
  for (const root of [document, document.getElementById("card").content]) {
    for (const part of root.querySelectorAll("[data-say]")) part.textContent = say(part.dataset.say);
    for (const part of root.querySelectorAll("[data-say-placeholder]")) {
      part.placeholder = say(part.dataset.sayPlaceholder);
    }
    for (const part of root.querySelectorAll("[data-say-label]")) {
      part.setAttribute("aria-label", say(part.dataset.sayLabel));
    }
  }
}

export function say(key, facts = {}) {
  return (words[key] ?? key).replace(/\{(\w+)[^}]*\}/g, (_, name) => facts[name]);
}

// 2nd in English, where a place in line is said so; elsewhere the number.
export function ordinal(number) {
  if (language !== "en") return String(number);
  const endings = { one: "st", two: "nd", few: "rd", other: "th" };
  return number + endings[new Intl.PluralRules("en", { type: "ordinal" }).select(number)];
}

export function duration(seconds) {
  if (seconds < 1.5) return say("page.moment");
  if (seconds < 90) return say("chat.time.seconds", { count: Math.round(seconds) });
  return say("chat.time.minutes", { count: Math.round(seconds / 60) });
}
