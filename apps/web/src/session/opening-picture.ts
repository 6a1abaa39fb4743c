/**
 * Shows a picture of a large board's last view while the board is read from this device. Takes that picture when the board
 * has been left alone for a while, when the page hides, and on leaving.
 *
 *     stored ──> pictures in the place of the board ── loaded ──> the board, tile by tile
 *     quiet, nobody draws ──> copies of tiles ──> encoded beside the page ──> stored
 *
 * The chip says "Opening" meanwhile, and new strokes go onto the real board.
 */
import type { Picture, Stage, TakenPicture } from '@wetink/canvas';
import { PICTURE_MIN_ELEMENTS, type OpeningPicture, type PictureBox } from '../core/opening-picture.ts';
import type { BoardSession } from './board-session.ts';
import type { PictureStore } from './picture-store.ts';
import { scheduleTimeout, whenHidden, whenIdle } from '../browser/timers.ts';
import { QuietMoment, type QuietTimers } from './quiet-moment.ts';

/** Fine lines stay readable; a view of a dense board is about 200 kB. */
const QUALITY = 0.8;

export interface PictureEnvironment extends QuietTimers {
  /** Returns how to stop listening. */
  whenHidden(run: () => void): () => void;
  /** @throws {DOMException} When the bytes are no picture. */
  decode(bytes: Uint8Array<ArrayBuffer>): Promise<CanvasImageSource>;
  /** Null when the browser can't. The canvas is given back. */
  encode(canvas: TakenPicture['image']): Promise<Uint8Array<ArrayBuffer> | null>;
}

export interface PictureOptions {
  readonly session: Pick<BoardSession, 'board' | 'room' | 'isLoaded' | 'onChange'>;
  readonly stage: Pick<Stage, 'showPictures' | 'boardIsThere' | 'takePictures' | 'bounds' | 'onState' | 'state'>;
  readonly store: PictureStore;
  theme(): 'light' | 'dark';
  readonly environment?: PictureEnvironment;
}

export interface KeptPicture {
  /** Bounds of the drawing when the board was last seen, while its picture is shown; else null. */
  readonly drawn: Promise<PictureBox | null>;
  /** The stage is about to close. */
  stop(): void;
}

export function keepPicture({ environment = browserEnvironment, ...options }: PictureOptions): KeptPicture {
  const { session, stage, theme } = options;
  const picture = new StoredPicture({ ...options, environment });
  const moment = new QuietMoment(environment);
  let isOver = false;
  let { camera } = stage.state;

  const show = async (): Promise<PictureBox | null> => {
    const stored = await picture.read();
    if (stored === null || isOver || session.isLoaded || stored.theme !== theme()) return null;
    stage.showPictures(stored.pictures);
    return stored.drawn;
  };
  const wait = (): void =>
    moment.wait(() => {
      if (!picture.take()) wait();
    });
  /** The last chance to take a picture that was waiting for a quiet moment. */
  const takeNow = (): void => {
    if (moment.isAwaited && picture.take()) moment.cancel();
  };

  const stops = [
    session.onChange(wait),
    stage.onState(() => {
      if (stage.state.camera === camera) return;
      ({ camera } = stage.state);
      wait();
    }),
    environment.whenHidden(takeNow),
  ];
  void session.room.whenLoaded.then(() => {
    if (isOver) return;
    stage.boardIsThere();
    wait();
  });
  return {
    drawn: session.isLoaded ? Promise.resolve(null) : show(),
    stop() {
      takeNow();
      isOver = true;
      moment.cancel();
      for (const stop of stops) stop();
    },
  };
}

/** The stored picture of one board: read, and taken anew. */
class StoredPicture {
  readonly #options: Required<PictureOptions>;
  #isStored = false;

  constructor(options: Required<PictureOptions>) {
    this.#options = options;
  }
  /** Null without one, in the other theme, or when it does not decode. */
  async read(): Promise<(Pick<OpeningPicture, 'theme' | 'drawn'> & { pictures: Picture[] }) | null> {
    const { store, theme, environment } = this.#options;
    const stored = await store.read();
    this.#isStored = stored !== null;
    if (stored === null || stored.theme !== theme()) return null;
    const pictures: Picture[] = [];
    try {
      for (const { box, bytes } of stored.parts) pictures.push({ box, image: await environment.decode(bytes) });
    } catch {
      return null; // Cut short, or of a kind that this browser doesn't know.
    }
    return { theme: stored.theme, drawn: stored.drawn, pictures };
  }
  /** @returns True when a picture was taken or none is needed. */
  take(): boolean {
    const { session, stage, store } = this.#options;
    if (!session.isLoaded) return false;
    if (session.board.count < PICTURE_MIN_ELEMENTS) {
      if (this.#isStored) void store.erase();
      this.#isStored = false;
      return true;
    }
    const drawn = stage.bounds();
    const taken = stage.takePictures();
    if (drawn === null || taken === null) return false;
    void this.#keep(taken, drawn);
    return true;
  }

  async #keep(taken: readonly TakenPicture[], drawn: PictureBox): Promise<void> {
    const { store, theme, environment } = this.#options;
    const painted = theme();
    const bytes = await Promise.all(taken.map(({ image }) => environment.encode(image)));
    const parts = taken.flatMap(({ box }, i) => {
      const encoded = bytes[i];
      return encoded === null || encoded === undefined ? [] : [{ box, bytes: encoded }];
    });
    if (parts.length === taken.length) await store.write({ theme: painted, drawn, parts } satisfies OpeningPicture);
    this.#isStored = true;
  }
}

const browserEnvironment: PictureEnvironment = {
  schedule: scheduleTimeout,
  whenIdle,
  whenHidden,
  decode: (bytes) => createImageBitmap(new Blob([bytes])),
  async encode(canvas) {
    const element = canvas as HTMLCanvasElement;
    const blob = await new Promise<Blob | null>((resolve) => element.toBlob(resolve, 'image/webp', QUALITY));
    element.width = element.height = 0;
    return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
  },
};
