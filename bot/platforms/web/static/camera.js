// Camera and weather: tiles that move as the camera does, chips, and what the words were read as.

import { understood } from "./api.js";
import { $, Choice, drawn } from "./dom.js";
import { named, say, sentences } from "./words.js";

const AFTER_TYPING = 300;

const DRAWINGS = {
  auto: "M12 3l2 4 4.5.5-3.3 3 .8 4.5L12 13l-4 2 .8-4.5-3.3-3 4.5-.5z",
  still: "M8 5v10M16 5v10",
  "pan-left": "M20 10H5M9 6l-4 4 4 4",
  "pan-right": "M4 10h15M15 6l4 4-4 4",
  "tilt-up": "M12 17V4M8 8l4-4 4 4",
  "tilt-down": "M12 3v13M8 12l4 4 4-4",
  "zoom-in": "M3 3l5 4M21 3l-5 4M3 17l5-4M21 17l-5-4M9 8h6v4H9z",
  "zoom-out": "M8 7L3 3M16 7l5-4M8 13l-5 4M16 13l5 4M11 9h2v2h-2z",
  "orbit-left": "M19 10a7 4 0 1 1-4-3.6M15 3v4h4",
  "orbit-right": "M5 10a7 4 0 1 0 4-3.6M9 3v4H5",
  handheld: "M3 11q3-7 5 0t5 0 5 0 3-3",
  "roll-left": "M7 7h10v7H7zM4 12a8 8 0 0 1 4-8M4 8v4h4",
  "roll-right": "M7 7h10v7H7zM20 12a8 8 0 0 0-4-8M20 8v4h-4",
  drift: "M3 14q5-8 9-4t9-5M17 4l4 1-1 4",
  "dolly-zoom": "M4 4h16v12H4zM9 8h6v4H9zM4 4l5 4M20 4l-5 4M4 16l5-4M20 16l-5-4",
};

export class Camera {
  constructor(onChange) {
    this.onChange = onChange;
    this.motion = new Choice($("motion"), () => this.changed());
    this.effect = new Choice($("effect"), () => this.changed());
    this.read = { motion: null, text: "" };
  }

  offer({ motions, effects }) {
    const known = Object.keys(DRAWINGS).filter((name) => motions.includes(name));
    const others = motions.filter((name) => !(name in DRAWINGS));
    this.motion.offer(["auto", ...known.filter((name) => name !== "auto"), ...others].map((value) => ({
      value,
      title: value === "auto" ? say("page.from_words") : named("motion", value),
      label: value === "auto" ? say("page.auto") : named("motion", value),
      drawing: drawn(DRAWINGS[value] ?? DRAWINGS.still, "0 0 24 20"),
    })));
    const order = ["none", "rain", "snow", "fog", "sunset", "night", "dawn"];
    const offered = [...order.filter((name) => effects.includes(name)),
      ...effects.filter((name) => ![...order, "auto"].includes(name))];
    this.effect.offer(["auto", ...offered].map((value) => ({
      value,
      label: value === "auto" ? say("page.from_words") : named("effect", value),
    })));
    $("effect-row").hidden = offered.length === 0;
    this.frame();
  }

  set({ motion, effect }) {
    this.motion.show(motion ?? "auto");
    this.effect.show(effect ?? "auto");
    this.frame();
  }

  changed() {
    this.frame();
    this.onChange();
  }

  // The frame on the picture: where the camera ends.
  frame() {
    const { value } = this.motion;
    $("framing").dataset.motion = value === "auto" ? (this.read.motion ?? "still") : value;
  }

  // What the words will be understood as, told a moment after the last of them.
  typed(words) {
    clearTimeout(this.later);
    if (!words.trim()) return this.understand({ shots: [], notes: [] }, "");
    this.later = setTimeout(async () => {
      try {
        this.understand(await understood(words), words);
      } catch {
        // they are read again when they are sent
      }
    }, AFTER_TYPING);
    return undefined;
  }

  understand({ shots, notes }, words) {
    this.read.motion = shots[0]?.[0]?.motion ?? null;
    this.frame();
    $("read-as").textContent = sentences(notes) || (words && say("page.read_nothing"));
  }
}
