// The form: a picture, the words, the options. Nothing typed is lost when something goes wrong.

import { create, newKey } from "./api.js";
import { say } from "./words.js";

const IDEAS = [
  "a slow camera pan from left to right",
  "slowly push in",
  "pull back to reveal the whole scene",
  "tilt up, then zoom in a little",
];
const OPTIONS = [
  "motion", "effect", "seconds", "size", "seed",
  "negative_prompt", "num_inference_steps", "guidance_scale", "strength",
  "motion_strength",
];
const $ = (id) => document.getElementById(id);

export class Composer {
  constructor(onMade) {
    this.onMade = onMade;
    this.picture = null;
    this.key = newKey();
    this.listen();
    this.take($("file").files[0]); // a browser may have kept it over a reload
    $("ideas").replaceChildren(...IDEAS.map((words) => this.idea(words)));
  }

  offer({ supports, defaults }) {
    for (const part of document.querySelectorAll("[data-needs]")) {
      part.hidden = !supports.options.includes(part.dataset.needs);
    }
    for (const [name, value] of Object.entries(defaults)) {
      if ($(name) && value !== null) $(name).placeholder = value;
    }
    fill($("motion"), "auto", supports.motions);
    fill($("effect"), "auto", supports.effects);
    $("effect").closest("label").hidden = supports.effects.length === 0;
  }

  listen() {
    const drop = $("drop");
    $("file").addEventListener("change", () => this.take($("file").files[0]));
    for (const name of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(name, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", name === "dragover");
      });
    }
    drop.addEventListener("drop", (event) => this.take(event.dataTransfer.files[0]));
    document.addEventListener("paste", (event) => this.take(event.clipboardData.files[0]));
    $("composer").addEventListener("input", () => (this.key = newKey()));
    $("prompt").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        $("composer").requestSubmit();
      }
    });
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
  }

  idea(words) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = words;
    chip.addEventListener("click", () => {
      $("prompt").value = words;
      this.key = newKey();
      $("prompt").focus();
    });
    return chip;
  }

  take(file) {
    if (!file) return;
    this.picture = file;
    this.key = newKey();
    this.say("");
    const preview = $("preview");
    preview.onload = () => {
      preview.hidden = false;
      $("drop-words").hidden = true;
    };
    preview.onerror = () => {
      preview.hidden = true;
      $("drop-words").hidden = false;
      $("drop-words").textContent = file.name;
    };
    this.url = URL.createObjectURL(file);
    preview.src = this.url;
    preview.alt = file.name;
  }

  async submit() {
    if (!this.picture) return this.say(say("page.choose_first"));
    const fields = { prompt: $("prompt").value, input_reference: this.picture };
    for (const name of OPTIONS) if ($(name).value) fields[name] = $(name).value;
    if ($("end_reference").files[0]) fields.end_reference = $("end_reference").files[0];
    if ($("loop").checked) fields.loop = true;
    this.busy(true);
    try {
      const made = await create(fields, this.key);
      this.key = newKey();
      this.say("");
      this.onMade(made, $("preview").hidden ? null : this.url);
    } catch (error) {
      const wait = error.retryAfter ? ` ${say("page.try_again", { seconds: error.retryAfter })}` : "";
      this.say(error.message + wait);
    } finally {
      this.busy(false);
    }
  }

  busy(is) {
    $("go").disabled = is;
    $("go").textContent = say(is ? "page.sending" : "page.animate");
  }

  say(sentence) {
    $("problem").textContent = sentence;
  }
}

function fill(select, value, names) {
  const options = [new Option(say("page.from_words"), value)];
  for (const name of names) {
    if (name !== value) options.push(new Option(say(`directions.${select.id}.${name}`), name));
  }
  select.replaceChildren(...options);
}
