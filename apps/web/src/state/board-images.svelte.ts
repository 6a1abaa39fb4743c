/**
 * The images of the open board, for the page and the stage. Their code is fetched with the first image, or when the page
 * is idle, since images of an earlier visit may wait for the server.
 */
import type { BoardElement, ImageContent } from '@wetink/board';
import type { ImageSource } from '@wetink/canvas';
import { imagesAmong } from '../core/board-pictures.ts';
import type { LackingCounts } from '../core/lacking.ts';
import { keepLackingCounts, readLackingCounts } from '../core/last-lacking-counts.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import type { BoardImages } from '../session/board-images.ts';
import type { PictureImages } from '../session/board-picture.ts';
import { arrivalsOf } from '../session/arrivals.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Door } from '../session/door.ts';
import { onEditor } from '../session/on-editor.ts';
import type { AppContext } from './context.ts';
import { LateWork } from './late-work.ts';

const part = () => import('../session/board-images.ts');
type Part = Awaited<ReturnType<typeof part>>;
type Work = Awaited<ReturnType<AppContext['imageWork']>>;

const fetchBoth = (app: AppContext): Promise<[Part, Work]> => Promise.all([part(), app.imageWork()]);

/** Fetches the code for images while the page is idle. */
export const imageParts = { part } as const;

export class BoardImagesState {
  readonly source: Required<ImageSource> = {
    load: async (image, options) => (await this.#work.inTime()).source.load(image, options),
    filter: async (bitmap, options) => (await this.#work.inTime()).source.filter(bitmap, options),
  };
  /** Images that the server lacks; those of an earlier visit until they are counted. */
  counts: LackingCounts;
  readonly #ports: { session: BoardSession; door: Door; app: AppContext };
  readonly #work: LateWork<[Part, Work], BoardImages>;

  constructor(session: BoardSession, door: Door, app: AppContext) {
    this.#ports = { session, door, app };
    this.counts = $state.raw(readLackingCounts(app.facts, session.boardId, 'pictures'));
    this.#work = new LateWork({
      fetchCode: () => fetchBoth(app),
      open: (code) => this.#open(...code),
      start: (images) => onEditor(session.room, () => images.mayEdit()),
      signs: app.toasts,
    });
  }

  /** Null when the code can't be fetched now; a toast has said so. */
  get(): Promise<BoardImages | null> {
    return this.#work.get();
  }
  /** Sends what waits from an earlier visit. */
  resume(): void {
    void this.#work.inTime();
  }
  /** The bytes of those images that can be had now. */
  async find(images: readonly ImageContent[]): ReturnType<BoardImages['find']> {
    const none = { found: new Map(), missing: images.length };
    return images.length === 0 ? none : ((await (await this.get())?.find(images)) ?? none);
  }
  /** The images of these elements for a picture of the board, to be decoded one after the other. */
  async forPicture(elements: readonly BoardElement[]): Promise<PictureImages & { readonly missing: number }> {
    const { found, missing } = await this.find(imagesAmong(elements));
    const images = found.size === 0 ? null : await this.get();
    const decode: PictureImages['decode'] = async ({ hash }, size) => {
      const stored = found.get(hash);
      return stored === undefined || images === null ? null : images.decode(stored, size);
    };
    return { found, decode, filter: this.source.filter, missing };
  }
  /** Leaving the page now would lose an image. */
  get wouldLose(): boolean {
    return this.counts.isAtRisk;
  }
  /** Idempotent. */
  close(): void {
    this.#work.close();
  }

  #open({ openBoardImages }: Part, work: Work): BoardImages {
    const { session, door, app } = this.#ports;
    return openBoardImages({
      boardId: session.boardId,
      session,
      work,
      shown: {
        hashes: () => new Set(imagesAmong(session.board.whole.elements()).map(({ hash }) => hash)),
        onChange: (run) => session.onChange(run),
      },
      url: apiUrlFor(app.relayUrl),
      arrivals: arrivalsOf(session.room),
      token: (request) => door.getToken(request),
      say: (sentence) => app.toasts.say(sentence),
      fail: (sentence) => app.toasts.fail(sentence),
      onCount: (counts) => {
        this.counts = counts;
        keepLackingCounts(app.facts, session.boardId, 'pictures', counts);
      },
    });
  }
}
