// What leaves the form: a clip again, one clip, a clip of each of several pictures, or a film.

import { create, dataUrl, once, typed } from "./api.js";
import { $ } from "./dom.js";

const NOT_OF_FILMS = ["loop", "boomerang", "draft", "variations"];

export class Requests {
  constructor({ picture, camera, options }) {
    this.picture = picture;
    this.camera = camera;
    this.options = options;
  }

  fields() {
    return {
      prompt: $("prompt").value, motion: this.camera.motion.value, effect: this.camera.effect.value,
      ...this.options.fields(),
    };
  }

  // Gives each video as it is taken; `told` hears how much has left, `stop` is an AbortSignal.
  async *send(key, told, stop) {
    this.taken = 0;
    const { from, strip } = this.picture;
    const fields = this.fields();
    if (from) yield await once(from.id, "remix", { ...typed(fields), draft: fields.draft ?? false }, key);
    else if (strip.way === "film") yield await create(await this.film(), key, told, stop);
    else yield* this.clips(key, told, stop);
  }

  async film() {
    const { scenes, strip } = this.picture;
    const fields = { ...this.fields(), transition: strip.transition.value };
    for (const name of NOT_OF_FILMS) delete fields[name];
    const pictures = await this.picture.ready(scenes);
    const parts = pictures.map((_, index) => `picture_${index + 1}`);
    fields.scenes = JSON.stringify(scenes.map((one, index) => ({
      prompt: one.prompt || undefined, seconds: one.seconds || undefined, image: one.file ? parts[index] : undefined,
    })));
    for (const [index, picture] of pictures.entries()) if (picture) fields[parts[index]] = picture;
    return fields;
  }

  async *clips(key, told, stop) {
    const { strip } = this.picture;
    const [end] = $("end_reference").files;
    const ends = end && !$("end_reference").closest("[data-needs]").hidden ? { end_reference: end } : {};
    const pictures = await this.picture.ready(strip.made);
    const all = strip.way === "pass"
      ? [{ keyframes: await this.passed(pictures), input_reference: pictures[0] }]
      : pictures.map((picture, index) => ({ ...this.own(strip.made[index]), input_reference: picture }));
    for (const [index, one] of all.entries()) {
      const share = (sent) => told((100 * index + sent) / all.length);
      const name = index ? `${key}-${index}` : key;
      yield await create(merged({ ...this.fields(), ...ends }, one), name, share, stop);
      this.taken = index + 1;
    }
  }

  // What a picture among several is asked for otherwise than the others.
  own({ prompt, seconds }) {
    return this.picture.strip.way === "each" ? { ...(prompt && { prompt }), ...(seconds && { seconds }) } : {};
  }

  // When each picture but the first is passed.
  async passed(pictures) {
    const urls = await Promise.all(pictures.slice(1).map(dataUrl));
    const step = this.options.seconds / urls.length;
    return JSON.stringify(urls.map((image, index) => ({ at: step * (index + 1), image })));
  }
}

function merged(fields, own) {
  if (own.seconds) delete fields.num_frames;
  return { ...fields, ...own };
}
