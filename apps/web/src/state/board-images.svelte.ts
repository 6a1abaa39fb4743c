/**
 * The images of the open board, for the page and the stage. Their code is fetched with the first image, or when the page
 * is idle, since images of an earlier visit may wait for the server.
 */
import type { ImageContent } from '@wetink/board';
import type { ImageSource } from '@wetink/canvas';
import { fetchInTime, fetchPart } from '../browser/fetch-part.ts';
import { imagesAmong, type PictureCounts } from '../core/board-pictures.ts';
import { keepPictureCounts, readPictureCounts } from '../core/last-picture-counts.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import type { BoardImages } from '../session/board-images.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Door } from '../session/door.ts';
import type { AppContext } from './context.ts';

const part = () => import('../session/board-images.ts');
type Part = Awaited<ReturnType<typeof part>>;
type Work = Awaited<ReturnType<AppContext['imageWork']>>;

const fetchBoth = (app: AppContext): Promise<[Part, Work]> => Promise.all([part(), app.imageWork()]);

/** Fetches the code for images while the page is idle. */
export const imageParts = { part } as const;

export class BoardImagesState {
  readonly source: ImageSource = { load: async (image, options) => (await this.#inTime()).source.load(image, options) };
  /** Images that the server lacks; those of an earlier visit until they are counted. */
  counts: PictureCounts;
  readonly #ports: { session: BoardSession; door: Door; app: AppContext };
  #images: BoardImages | null = null;
  #coming: Promise<BoardImages> | null = null;
  #isClosed = false;
  readonly #stops: (() => void)[] = [];

  constructor(session: BoardSession, door: Door, app: AppContext) {
    this.#ports = { session, door, app };
    this.counts = $state.raw(readPictureCounts(app.facts, session.boardId));
  }

  /** Null when the code can't be fetched now; a toast has said so. */
  async get(): Promise<BoardImages | null> {
    const { app } = this.#ports;
    if (this.#images !== null) return this.#images;
    const fetched = await fetchPart(() => fetchBoth(app), app.toasts);
    return fetched === null ? null : this.#open(...fetched);
  }
  /** Sends what waits from an earlier visit. */
  resume(): void {
    void this.#inTime();
  }
  /** The bytes of those images that can be had now. */
  async find(images: readonly ImageContent[]): ReturnType<BoardImages['find']> {
    const none = { found: new Map(), missing: images.length };
    return images.length === 0 ? none : ((await (await this.get())?.find(images)) ?? none);
  }
  /** Leaving the page now would lose an image. */
  get wouldLose(): boolean {
    return this.counts.isAtRisk;
  }
  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#images?.close();
  }

  /** Tries until the code is there. */
  #inTime(): Promise<BoardImages> {
    const { app } = this.#ports;
    this.#coming ??= new Promise((resolve) => {
      this.#stops.push(
        fetchInTime(
          () => fetchBoth(app),
          (fetched) => resolve(this.#open(...fetched)),
        ),
      );
    });
    return this.#coming;
  }
  #open({ openBoardImages }: Part, work: Work): BoardImages {
    const { session, door, app } = this.#ports;
    this.#images ??= openBoardImages({
      boardId: session.boardId,
      work,
      shown: {
        images: () => new Set(imagesAmong(session.board.elements()).map(({ hash }) => hash)),
        onChange: (run) => session.onChange(run),
      },
      url: apiUrlFor(app.relayUrl),
      token: (request) => door.getToken(request),
      say: (sentence) => app.toasts.say(sentence),
      fail: (sentence) => app.toasts.fail(sentence),
      onCount: (counts) => {
        this.counts = counts;
        keepPictureCounts(app.facts, session.boardId, counts);
      },
    });
    // Its code came after the board was left.
    if (this.#isClosed) this.#images.close();
    return this.#images;
  }
}
