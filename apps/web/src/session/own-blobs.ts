/**
 * Looks after this person's images, or files, on this device beyond their first upload.
 *
 *     waits for the server, and nothing needs it ──found twice, a day apart──> deleted from the device
 *     the server had it, and the board shows it ──asked after two weeks──> still there: asked again in two weeks
 *                                                                    └──> not any more: sent again
 *
 * A relay deletes bytes that a board has not used for 30 days, and a redo or a kept copy may show them again later.
 */
import type { Board } from '@wetink/board';
import type { Room } from '@wetink/sync';
import type { BlobStore, OwnBlob } from './blob-store.ts';
import type { ShownOnBoard } from './blob-uploads.ts';

/** The parts of a session that tell whether anything but the board can need an image or file. */
export interface OpenBoard {
  readonly isWhole: boolean;
  readonly board: Pick<Board, 'canUndo' | 'canRedo'>;
  readonly room: Pick<Room, 'keptCopies' | 'onStatus'> & { readonly status: Pick<Room['status'], 'kind'> };
}

export interface OwnBlobsPorts {
  readonly store: Pick<BlobStore<unknown>, 'own' | 'confirmed' | 'sendAgain' | 'sweep'>;
  readonly shown: ShownOnBoard;
  readonly session: OpenBoard;
  /** Null when the server can't be asked. */
  has(hash: string): Promise<boolean | null>;
  /** One waits again. */
  onWaiting(): void;
  onWake(run: () => void): () => void;
  schedule(run: () => void, delayMs: number): () => void;
  /** Milliseconds of the wall clock, the same after a reload. */
  now(): number;
}

/** Less than half of the time after which a relay deletes what a board does not use. */
const ASK_AFTER_MS = 14 * 24 * 60 * 60_000;
/** Looking through a large board takes some milliseconds, and a stroke changes it at every move. */
const LOOK_AFTER_MS = 300;

export class OwnBlobs {
  readonly #ports: OwnBlobsPorts;
  readonly #stops: readonly (() => void)[];
  /** Null until the device was read. */
  #toAsk: Map<string, OwnBlob> | null = null;
  #mayEdit = false;
  #hasSwept = false;
  #isAsking = false;
  #cancelLook: (() => void) | null = null;
  #isClosed = false;

  constructor(ports: OwnBlobsPorts) {
    this.#ports = ports;
    const look = (): void => this.#lookSoon();
    this.#stops = [ports.shown.onChange(look), ports.onWake(look), ports.session.room.onStatus(look)];
    this.#lookSoon();
  }

  /** The person may change the board, so the server takes what it lacks. */
  mayEdit(): void {
    this.#mayEdit = true;
    this.#lookSoon();
  }

  /** Sends one that the server lacks, if it is this person's and still here. */
  async serverLacks(hash: string): Promise<void> {
    const own = this.#mayEdit ? (await this.#ports.store.own().catch(() => [])).find((one) => one.hash === hash) : undefined;
    if (own === undefined || this.#isClosed) return;
    await this.#ports.store.sendAgain(own);
    this.#ports.onWaiting();
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
    for (const stop of this.#stops) stop();
  }

  #lookSoon(): void {
    if (this.#isClosed || this.#cancelLook !== null || (this.#hasSwept && this.#toAsk?.size === 0)) return;
    this.#cancelLook = this.#ports.schedule(() => {
      this.#cancelLook = null;
      void this.#sweep();
      if (this.#mayEdit && !this.#isAsking) void this.#ask();
    }, LOOK_AFTER_MS);
  }

  async #sweep(): Promise<void> {
    const { store, shown, session } = this.#ports;
    if (this.#hasSwept || !(await isAll(session)) || this.#hasSwept || this.#isClosed) return;
    this.#hasSwept = true;
    const needed = shown.hashes();
    await store.sweep((hash) => needed.has(hash));
  }

  async #ask(): Promise<void> {
    const { store, shown, has, now, onWaiting } = this.#ports;
    this.#isAsking = true;
    try {
      this.#toAsk ??= new Map(
        (await store.own()).filter(({ confirmedAtMs }) => now() - confirmedAtMs >= ASK_AFTER_MS).map((own) => [own.hash, own]),
      );
      const hashes = this.#toAsk.size === 0 ? new Set<string>() : shown.hashes();
      for (const own of [...this.#toAsk.values()].filter(({ hash }) => hashes.has(hash))) {
        const answer = this.#isClosed ? null : await has(own.hash);
        if (answer === null) return; // The next change of the board, or a network that is back, asks again.
        this.#toAsk.delete(own.hash);
        if (answer) await store.confirmed(own.hash);
        else {
          await store.sendAgain(own);
          onWaiting();
        }
      }
    } catch {
      // The device can't be read now.
    } finally {
      this.#isAsking = false;
    }
  }
}

/**
 * The board is whole, the server has all of it, this page can undo and redo nothing, and there is no kept copy. Then nothing
 * but the board shows an image or file.
 */
async function isAll({ isWhole, board, room }: OpenBoard): Promise<boolean> {
  if (!isWhole || room.status.kind !== 'saved' || board.canUndo || board.canRedo) return false;
  const copies = await room.keptCopies().catch(() => null);
  return copies?.length === 0 && !board.canUndo && !board.canRedo;
}
