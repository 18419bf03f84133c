// Makes elements, icons, groups of choices and passing sentences: what every part draws itself with.

export const $ = (id) => document.getElementById(id);

// `on…` are listeners, `class` and what has a dash are attributes, the rest properties.
export function h(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "class" || key === "role" || key.includes("-")) made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function drawn(path, box = "0 0 24 24") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 4v11M7 11l5 5 5-5M5 20h14",
  again: "M19 12a7 7 0 1 1-2-5M19 3v5h-5",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.9-5.3 2.9 1.1-5.9-4.3-4.1 5.9-.8z",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  dice: "M5 5h14v14H5zM9 9h.01M15 9h.01M12 12h.01M9 15h.01M15 15h.01",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  back: "M17 6l-8 6 8 6zM7 6v12",
  on: "M7 6l8 6-8 6zM17 6v12",
  plus: "M12 5v14M5 12h14",
  earlier: "M12 19V5M6 11l6-6 6 6",
  later: "M12 5v14M6 13l6 6 6-6",
  onward: "M4 12h15M13 6l6 6-6 6",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
};

export const icon = (name) => {
  const made = drawn(ICONS[name]);
  made.classList.add("glyph", `glyph-${name}`);
  return made;
};

const LONG = 9; // letters of a word that is too wide for a tile

// Choose one of several, as a group of radio buttons: arrows move, Tab leaves it.
export class Choice {
  constructor(box, onChange) {
    this.box = box;
    this.onChange = onChange;
    this.value = null;
    box.addEventListener("click", (event) => {
      const chosen = event.target.closest("[role=radio]");
      if (chosen) this.choose(chosen.dataset.value);
    });
    box.addEventListener("keydown", (event) => this.move(event));
  }

  // `items`: value, label, and what is drawn before it.
  offer(items, value = this.value) {
    const known = items.some((item) => item.value === value);
    this.box.replaceChildren(...items.map(({ value: own, label, drawing, title }) =>
      h("button", { type: "button", role: "radio", "data-value": own, title: title ?? "", "aria-label": title,
        class: label.split(" ").some((word) => word.length > LONG) ? "long" : null },
      drawing ?? null, h("span", { textContent: label }))));
    this.show(known ? value : items[0].value);
  }

  show(value) {
    this.value = value;
    let any = false;
    for (const one of this.box.children) {
      const is = one.dataset.value === String(value);
      any ||= is;
      one.setAttribute("aria-checked", String(is));
      one.tabIndex = is ? 0 : -1;
    }
    if (!any && this.box.firstElementChild) this.box.firstElementChild.tabIndex = 0;
  }

  choose(value) {
    this.show(value);
    this.onChange(value);
  }

  move(event) {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...this.box.children];
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    next.focus();
    this.choose(next.dataset.value);
  }
}

// A name that no other request has: a retry with it makes nothing twice.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const narrow = () => matchMedia("(max-width: 56rem)").matches;
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Below a dialog nothing is seen, heard or clicked: while one is open the sentences stand in it.
function bringToasts() {
  (document.querySelector("dialog[open]") ?? document.querySelector("main")).append($("toasts"));
}
document.addEventListener("close", bringToasts, true);

// A sentence at the edge of the page, with at most one thing to do about it.
export class Toast {
  constructor(sentence, { act = null, onAct = null, onEnd = null, lasts = 5000, bad = false } = {}) {
    this.onEnd = onEnd;
    const words = h("span", { textContent: sentence });
    this.element = h("div", { class: bad ? "toast bad" : "toast", role: bad ? "alert" : "status" }, words);
    if (act) {
      const button = h("button", { type: "button", textContent: act });
      button.addEventListener("click", () => {
        this.onEnd = null;
        this.end();
        onAct();
      });
      this.element.append(button);
    }
    if (document.querySelector("dialog[open]")) bringToasts();
    $("toasts").append(this.element);
    this.later = setTimeout(() => this.end(), lasts);
    this.leave = () => this.end();
    addEventListener("pagehide", this.leave);
  }

  end() {
    clearTimeout(this.later);
    removeEventListener("pagehide", this.leave);
    if (this.element.contains(document.activeElement)) $("cards").focus();
    this.element.remove();
    this.onEnd?.();
  }
}
