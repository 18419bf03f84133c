// The line on top: which engine serves, what is left of the limits, whose page it is, its language.

import { signOut } from "./api.js";
import { $, h } from "./dom.js";
import { keyList } from "./keys.js";
import { language, number, say } from "./words.js";

const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français", es: "Español", ja: "日本語", zh: "简体中文", "zh-TW": "繁體中文" };
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
    $("help").addEventListener("click", () => this.tellKeys());
    $("engine").addEventListener("click", () => this.tellEngine());
  }

  offer(model) {
    this.model = model;
    const { offer } = model;
    const name = say("page.engine", { name: model.id });
    $("engine-name").textContent = offer ? `${name} · ${say("page.get_model", { size: number(offer.gigabytes, 0) })}` : name;
    $("engine").hidden = false;
    $("engine").disabled = !offer && !model.notice;
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

  tell(title, ...about) {
    const dialog = $("told-more");
    const close = h("button", { type: "button", class: "act main", textContent: say("page.close"), onclick: () => dialog.close() });
    dialog.setAttribute("aria-label", title);
    dialog.replaceChildren(h("h2", { textContent: title }), ...about, close);
    dialog.showModal();
  }

  tellEngine() {
    const { offer, notice } = this.model;
    if (!offer) return this.tell(say("page.engine", { name: this.model.id }), h("p", { textContent: notice }));
    const { model, gigabytes, licence, command } = offer;
    return this.tell(model,
      h("p", { textContent: say("page.offer", { model, size: number(gigabytes, 0) }) }),
      h("pre", { textContent: command, tabIndex: 0 }), h("p", { textContent: licence }));
  }

  tellKeys() {
    this.tell(say("page.keys"), h("dl", { class: "keys" }, keyList().map(([key, does]) =>
      [h("dt", {}, h("kbd", { textContent: key })), h("dd", { textContent: does })])));
  }
}
