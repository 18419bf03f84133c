// What the page says: sentences that came with it, numbers and times as its language writes them.

const told = JSON.parse(document.getElementById("told").textContent);

export const { language, version } = told;

export function say(key, facts = {}) {
  return (told.words[key] ?? key).replace(/\{(\w+)[^}]*\}/g, (_, name) => facts[name]);
}

// One sentence after the other; what ends with a full-width stop needs no space.
export const sentences = (texts) => texts.join(" ").replaceAll("。 ", "。");

// Two texts with a colon between them, which not every language writes alike.
export const pair = (name, said) => say("options.pair", { name, said });

// A name by its key, or the word itself where nobody has named it.
export const named = (kind, word) => told.words[`directions.${kind}.${word}`] ?? word;

// 2nd in English, where a place in line is said so; elsewhere the number.
export function ordinal(number) {
  if (language !== "en") return String(number);
  const endings = { one: "st", two: "nd", few: "rd", other: "th" };
  return number + endings[writer("PluralRules", { type: "ordinal" }).select(number)];
}

// An estimate, the rounder the longer it is.
export function duration(seconds) {
  if (seconds < 1.5) return say("page.moment");
  const tens = Math.round(seconds / 10) * 10;
  if (seconds < 90) return say("chat.time.seconds", { count: seconds < 10 ? Math.round(seconds) : tens });
  if (seconds < 5400) return say("chat.time.minutes", { count: Math.round(seconds / 60) });
  return say("chat.time.hours", { count: Math.round(seconds / 3600) });
}

const writers = new Map();

// Making one costs up to a millisecond, and there are some for every card.
function writer(kind, how) {
  const name = kind + JSON.stringify(how);
  if (!writers.has(name)) writers.set(name, new Intl[kind](language, how));
  return writers.get(name);
}

// Small counts are written alike everywhere; the first writer of all would keep the page waiting.
export const number = (value, digits = 1) =>
  Number.isInteger(value) && Math.abs(value) < 1000 ? String(value)
    : writer("NumberFormat", { maximumFractionDigits: digits }).format(value);

export const seconds = (value, digits = 0) =>
  say("chat.label.seconds", { seconds: number(value < 1 || digits ? Number(value) : Math.round(value), digits || 1) });

export const percent = (value) =>
  writer("NumberFormat", { style: "percent" }).format(value / 100);

const DAY = 86400;

export const date = (moment) =>
  writer("DateTimeFormat", { day: "numeric", month: "long" }).format(moment * 1000);

// The heading of a day in the gallery.
export function day(moment) {
  const days = Math.round((midnight(Date.now() / 1000) - midnight(moment)) / DAY);
  if (days > 6) return date(moment);
  if (days > 1) {
    return writer("DateTimeFormat", { weekday: "long" }).format(moment * 1000);
  }
  return said(-Math.max(days, 0), "day");
}

export function midnight(moment) {
  return new Date(moment * 1000).setHours(0, 0, 0, 0) / 1000;
}

const relative = (value, unit) =>
  writer("RelativeTimeFormat", { numeric: "auto" }).format(value, unit);

function said(value, unit) {
  const words = relative(value, unit);
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

export function ago(moment) {
  const passed = Math.max(Date.now() / 1000 - moment, 0);
  if (passed < 60) return relative(0, "second");
  if (passed < 3600) return relative(-Math.floor(passed / 60), "minute");
  if (passed < DAY) return relative(-Math.floor(passed / 3600), "hour");
  return relative(-Math.floor(passed / DAY), "day");
}
