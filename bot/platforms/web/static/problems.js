// What is wrong with a field is said beside it, and the field is shown and has the focus.

import { $, h } from "./dom.js";
import { say } from "./words.js";

export class FieldProblems {
  constructor() {
    $("composer").addEventListener("input", ({ target }) => this.clear(target.id));
  }

  // The first field with a number that cannot be is named; true where there is none.
  valid() {
    for (const field of $("composer").querySelectorAll("input, textarea")) {
      this.clear(field.id);
    }
    const wrong = [...$("composer").querySelectorAll("input[type=number]")].find((one) => !one.validity.valid);
    if (!wrong) return true;
    const { min, max, step } = wrong;
    this.say(wrong.id, say("page.number_wanted", { low: min, high: max, step }));
    return false;
  }

  // A number may have been set right by other means than typing.
  again() {
    for (const field of $("composer").querySelectorAll("[type=number][aria-invalid]:valid")) this.clear(field.id);
  }

  // False where there is no such field. It takes no focus where nobody has just done anything.
  say(name, sentence, { focus = true } = {}) {
    const field = $(name);
    if (!field || !$("composer").contains(field)) return false;
    this.clear(name);
    const said = h("p", { class: "problem", id: `${name}-problem`, role: "alert", textContent: sentence });
    (field.closest(".pair, .seed, .scene textarea") ?? field.closest("label, #picture-box, .tiles, .chips") ?? field).after(said);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", said.id);
    for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) {
      around.open = true;
    }
    if (focus) (field.matches("[role=radiogroup]") ? field.querySelector("[tabindex='0']") : field)?.focus();
    return true;
  }

  clear(name) {
    if (!name || !$(`${name}-problem`)) return;
    $(`${name}-problem`).remove();
    $(name).removeAttribute("aria-invalid");
    $(name).removeAttribute("aria-describedby");
  }
}
