// The line on top (engine, limits, whose page, language), and the keyboard: a letter for what is usual.

import { signOut } from "./api.js";
import { $ } from "./dom.js";
import { language, number, say } from "./words.js";

const LANGUAGES = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  it: "Italiano",
  "pt-BR": "Português (Brasil)",
  ru: "Русский",
  ja: "日本語",
  ko: "한국어",
  zh: "简体中文",
  "zh-TW": "繁體中文",
};
const tellKeys = async () => (await import("./dialogs.js")).tellKeys();

const FOR_A_YEAR = 31_536_000;

export class Header {
  constructor() {
    $("language").append(...Object.entries(LANGUAGES).map(([value, name]) => new Option(name, value)));
    $("language").value = language;
    $("language").addEventListener("change", () => {
      const path = new URL(".", location.href).pathname;
      document.cookie = `photoplay-language=${$("language").value}; path=${path}; max-age=${FOR_A_YEAR}; SameSite=Strict`;
      location.reload();
    });
    $("sign-out").addEventListener("click", async () => {
      await signOut();
      location.reload();
    });
    $("help").addEventListener("click", tellKeys);
    $("engine").addEventListener("click", async () => (await import("./dialogs.js")).tellEngine(this.model));
  }

  offer(model) {
    this.model = model;
    const { offer } = model;
    const name = say("page.engine", { name: model.id });
    $("engine-name").textContent = offer ? `${name} · ${say("page.get_model", { size: number(offer.gigabytes, 0) })}` : name;
    $("engine").hidden = false;
    $("engine").disabled = !offer && !model.notice && !model.engines;
    $("notice").hidden = !model.notice || offer !== null;
    $("notice").textContent = model.notice ?? "";
  }

  allow({ name, signed_in: signedIn, left, limits }) {
    const hour = left.per_hour === null ? Infinity : left.per_hour;
    const day = left.per_day === null ? Infinity : left.per_day;
    const [key, count, most] = day < hour ? ["page.left_day", day, limits.per_day] : ["page.left_hour", hour, limits.per_hour];
    $("quota").textContent = count === Infinity ? "" : say(key, { left: number(count), most: number(most) });
    $("whose").hidden = !signedIn;
    $("name").textContent = name;
  }
}

const typing = (target) => target.matches("input:not([type=checkbox]), textarea, select, [role=radio], [contenteditable]");

export class Keys {
  constructor(gallery) {
    this.gallery = gallery;
    addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      $("composer").requestSubmit();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    if (!plain || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (this.ofPage(event.key) || this.ofCard(event)) event.preventDefault();
  }

  ofPage(key) {
    if (key === "/") $("prompt").focus();
    else if (key === "?") tellKeys();
    else if (key === "v" || key === "V") this.paste();
    else return false;
    return true;
  }

  async paste() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((one) => one.startsWith("image/"));
        if (type) this.gallery.acts.composer.picture.take([new File([await item.getType(type)], "pasted", { type })]);
      }
    } catch {
      // it is not allowed; the browser's own command is
    }
  }

  ofCard(event) {
    const card = this.gallery.cardOf(event.target);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns(), ArrowDown: this.columns() }[event.key];
    if (step) return this.go(card, step);
    if (!card) return false;
    const act = { e: "edit", E: "edit", r: "again", R: "again", Delete: "delete" }[event.key];
    if (act) this.gallery.acts.do(act, card);
    else if (event.key === " " && event.target === card.element) this.toggle(card);
    else if (event.key === "Enter" && event.target === card.element) card.element.querySelector("[data-act]")?.click();
    else return false;
    return true;
  }

  go(card, step) {
    if (!card && document.activeElement !== $("cards")) return false;
    const shown = this.gallery.shown();
    const to = card ? shown[shown.indexOf(card) + step] : shown[0];
    to?.element.focus();
    return Boolean(to);
  }

  columns() {
    const [first, ...others] = this.gallery.shown().map(({ element }) => element.offsetTop);
    const below = others.findIndex((top) => top !== first);
    return below < 0 ? others.length + 1 : below + 1;
  }

  toggle(card) {
    if (!card.player) return;
    if (card.player.paused) {
      this.gallery.play(null);
      this.gallery.play(card);
    } else card.pause();
  }
}
