/** Choosing the picture that others see of me, on this device. Nothing of its file is kept but a small square of pixels. */
import * as m from '$words/own-picture';
import { pickFiles } from '../browser/pick-files.ts';
import { fetchPart } from '../browser/fetch-part.ts';
import { problemSentence } from '../core/image-sentences.ts';
import type { AppContext } from './context.ts';

type Ports = Pick<AppContext, 'me' | 'toasts' | 'imageWork'>;

export class OwnPicture {
  readonly #ports: Ports;
  /** A file is being read. */
  isBusy = $state(false);

  constructor(ports: Ports) {
    this.#ports = ports;
  }
  /** Asks for a file, or on a phone for the camera. While a click is being handled. */
  pick(): void {
    pickFiles({ accept: 'image/png,image/jpeg,image/webp,image/gif,image/avif,image/*', isSingle: true }, ([file]) => {
      if (file !== undefined) void this.#use(file);
    });
  }
  remove(): void {
    const { me, toasts } = this.#ports;
    const before = me.chosenPicture;
    if (before === null) return;
    me.choosePicture(null);
    toasts.say(m.yourPictureIsRemoved(), { label: m.undo(), run: () => me.choosePicture(before) });
  }

  async #use(file: File): Promise<void> {
    const { me, toasts, imageWork } = this.#ports;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      const made = await (await fetchPart(imageWork, toasts))?.face(file);
      if (made === undefined) return;
      if (made.ok) me.choosePicture(made.url);
      else toasts.fail(problemSentence(file.name, made.problem));
    } finally {
      this.isBusy = false;
    }
  }
}
