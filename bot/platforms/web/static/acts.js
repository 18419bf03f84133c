// What can be done with a clip: from its buttons, from its menu, from the keyboard.

import { blob, cancel, content, link, mark, once, remove } from "./api.js";
import { $, h, narrow, Toast } from "./dom.js";
import { recall, remember } from "./memory.js";
import { say } from "./words.js";

const UNDO_FOR = 6000;
const DELETING = "photoplay-deleting";

// What was being deleted when a page was left: the list may have been read before it was gone.
export const unfinished = () => recall(DELETING, []);

export async function finishDeleting(ids) {
  await Promise.all(ids.map((id) => remove(id).catch(() => {}))); // it may be gone already
  remember(DELETING, unfinished().filter((id) => !ids.includes(id)));
}

export class Acts {
  constructor({ jobs, model, gallery }) {
    this.jobs = jobs;
    this.model = model;
    this.gallery = gallery;
    this.menu = $("menu");
    this.menu.addEventListener("keydown", (event) => this.moveInMenu(event));
    this.menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.leaveMenu());
  }

  async do(act, card, by = null) {
    try {
      await this.run(act, card, by);
    } catch (error) {
      new Toast(error.message, { bad: true });
    }
  }

  async run(act, card, by) {
    const { video } = card;
    const [verb, place] = act.split(":");
    switch (verb) {
      case "open":
        return this.view(card);
      case "menu":
        return this.openMenu(card, by);
      case "star":
        return this.jobs.put(await mark(video.id, !video.favorite));
      case "cancel":
        return this.jobs.put(await cancel(video.id), "cancelled");
      case "again":
        return this.made(await once(video.id, "remix"));
      case "scene":
        return this.made(await once(video.id, `scenes/${place}/remix`));
      case "smaller":
        return this.made(await once(video.id, "remix", { size: video.error.suggested_size }));
      case "full":
        return this.made(await once(video.id, "remix", { draft: false }));
      case "loop":
        return this.made(await once(video.id, "remix", { loop: true }));
      case "extend":
      case "upscale":
        return this.made(await once(video.id, act));
      case "edit":
        return this.composer.edit(video);
      case "recipe":
        return this.view(card, { recipe: true });
      case "link":
        return this.copyLink(video);
      case "picture":
        return this.composer.picture.take([await this.still(video)]);
      default:
        return this.delete([card]);
    }
  }

  // Fetched when somebody looks closer for the first time.
  async view(card, how) {
    const { Viewer } = await import("./viewer.js");
    this.viewer ??= new Viewer({ gallery: this.gallery });
    this.viewer.open(card, how);
  }

  // A clip is gone: nothing is left to do with it.
  leave(card) {
    if (card.element.contains(this.opener)) this.menu.hidePopover();
    this.viewer?.leave(card);
  }

  made(video) {
    this.jobs.made(video);
    if (narrow()) this.gallery.reveal(video.id);
    else this.gallery.cards.get(video.id)?.element.scrollIntoView({ block: "nearest" });
  }

  // The clip's first frame, as a picture of the next one.
  async still({ id }) {
    const picture = await blob(content(id, "thumbnail"));
    return new File([picture], `${id}.jpg`, { type: picture.type });
  }

  // One that opens for others too, where the page has an address that others reach.
  async copyLink({ id }) {
    const { url } = await link(id);
    await copy(url ?? new URL(content(id), location.href).href);
  }

  // Deleted is what nobody takes back within six seconds.
  delete(cards) {
    for (const card of cards) card.away = true;
    const [first] = cards;
    const next = this.gallery.beside(first, 1) ?? this.gallery.beside(first, -1);
    this.gallery.refilter();
    (next?.element ?? $("cards")).focus();
    const back = () => {
      for (const card of cards) card.away = false;
      this.gallery.refilter();
      first.element.focus();
    };
    const gone = () => {
      remember(DELETING, [...unfinished(), ...cards.map(({ video }) => video.id)]);
      return Promise.all(cards.map(erase));
    };
    const erase = async ({ video }) => {
      try {
        await remove(video.id);
        remember(DELETING, unfinished().filter((id) => id !== video.id));
        this.jobs.forget(video.id);
      } catch (error) {
        back();
        new Toast(error.message, { bad: true });
      }
    };
    const said = cards.length === 1 ? say("page.deleted") : say("page.deleted_count", { count: cards.length });
    return new Toast(said, { act: say("page.undo"), onAct: back, onEnd: gone, lasts: UNDO_FOR });
  }

  openMenu(card, by) {
    const item = (act, label) => h("button", {
      type: "button", role: "menuitem", tabIndex: -1, textContent: label,
      onclick: () => {
        this.menu.hidePopover();
        this.do(act, card);
      },
    });
    const { scenes } = card.video;
    const { extend, loop, upscale } = this.model.supports;
    this.opener = by;
    this.menu.replaceChildren(...[
      ...(scenes ?? []).map(({ place }) => item(`scene:${place}`, say("page.scene_again", { place }))),
      extend && card.video.extendable ? item("extend", say("chat.button.extend")) : null,
      loop && !scenes ? item("loop", say("chat.button.loop")) : null,
      upscale && card.video.upscalable ? item("upscale", "×2") : null,
      item("recipe", say("chat.button.recipe")), item("link", say("page.copy_link")),
      item("picture", say("page.use_picture")), item("delete", say("chat.button.delete")),
    ].filter(Boolean));
    this.menu.showPopover();
    const at = by.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.menu;
    this.menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
    this.menu.style.top = `${at.bottom + height + 8 > innerHeight ? Math.max(8, at.top - height - 4) : at.bottom + 4}px`;
    this.menu.firstElementChild.focus();
  }

  leaveMenu() {
    if (this.menu.contains(document.activeElement) || document.activeElement === document.body) this.opener?.focus();
  }

  moveInMenu(event) {
    const all = [...this.menu.children];
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Tab") this.menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all[(to + all.length) % all.length].focus();
  }
}

// Over plain HTTP from elsewhere browsers give no clipboard: then the words are shown, to be copied.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    new Toast(say("page.copied"));
  } catch {
    new Toast(text, { lasts: 20_000 });
  }
}
