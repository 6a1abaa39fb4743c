/**
 * The first pages of PDFs, for their cards: drawn on this device, one after the other.
 *
 *     unknown ──painted──> asked ──drawn──> there ──no card any more, and another one needs its room──> unknown
 *                            ├──bytes not to be had now──> away ──bytes have come, or the network──> unknown
 *                            ├──no room───────────────────> full ──a card has gone──> unknown
 *                            └──no PDF, too slow──────────> none
 *
 * A card that nobody has opened shows its first page only if that costs little: its bytes are here, or they are few. Bytes
 * are fetched beside the drawing, so that a document whose bytes are here waits for no network. The bitmaps stay while
 * their cards do, up to a number of them, so that cards never push each other out in turns.
 */
import type { AttachedFile } from '@wetink/board';
import { isPdf, type ShownFile } from '@wetink/canvas';
import type { OpenedPdf } from '../browser/pdf-work.ts';

export interface FirstPagesPorts {
  /** Bytes that are here, or that are fetched without a sentence; null when they can't be had now. */
  bytesOf(file: AttachedFile, options: { mayFetch: boolean }): Promise<Blob | null>;
  open(file: Blob): Promise<OpenedPdf>;
  /** The connection is slow, or paid for by the byte. */
  isFrugal(): boolean;
  /** Hashes that the board shows. */
  shown(): ReadonlySet<string>;
  /** The card of this hash has another page now, or may have one if it is asked for again. */
  onPage(hash: string): void;
}

/** Fetched for a card that nobody has opened. */
const MAX_FETCHED_BYTES = 5 * 1024 * 1024;
/** Twice the 200 units that a page takes in its card. */
const SIDE_PX = 560;
/** About 0.9 MB each. */
const MAX_KEPT = 80;

type Entry = { readonly kind: 'asked' | 'away' | 'full' | 'none' } | { readonly kind: 'there'; readonly page: ShownFile['page'] };

export class FirstPages {
  readonly #ports: FirstPagesPorts;
  readonly #entries = new Map<string, Entry>();
  readonly #bitmaps = new Map<string, ImageBitmap>();
  #drawing: Promise<void> = Promise.resolve();
  #fetching: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(ports: FirstPagesPorts) {
    this.#ports = ports;
  }

  /** Called while painting: never waits. */
  find(file: AttachedFile): ShownFile['page'] {
    const entry = this.#entries.get(file.hash);
    if (entry === undefined) this.#ask(file);
    return entry?.kind === 'there' ? entry.page : null;
  }

  /** The bytes of a file have come, by whatever way. */
  bytesAreHere({ hash }: Pick<AttachedFile, 'hash'>): void {
    if (this.#entries.get(hash)?.kind === 'away') this.#forget(hash);
  }

  /** The network may be back. */
  wake(): void {
    this.#forgetAll('away');
  }

  /** The board has changed, and there was no room for a page: it may have lost a card. */
  get isFull(): boolean {
    for (const { kind } of this.#entries.values()) if (kind === 'full') return true;
    return false;
  }

  /** Frees the bitmaps of cards that are gone. */
  makeRoom(): void {
    const shown = this.#ports.shown();
    let hasRoom = false;
    for (const [hash, bitmap] of this.#bitmaps) {
      if (shown.has(hash)) continue;
      hasRoom = true;
      this.#bitmaps.delete(hash);
      this.#forget(hash);
      bitmap.close();
    }
    if (hasRoom) this.#forgetAll('full');
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#entries.clear();
    for (const bitmap of this.#bitmaps.values()) bitmap.close();
    this.#bitmaps.clear();
  }

  #ask(file: AttachedFile): void {
    if (!isPdf(file) || this.#isClosed) return;
    this.#become(file, 'asked');
    this.#queue(file, async () => {
      if (!this.#hasRoom()) return this.#become(file, 'full');
      const bytes = await this.#ports.bytesOf(file, { mayFetch: false });
      if (bytes !== null) await this.#draw(file, bytes);
      else if (file.bytes <= MAX_FETCHED_BYTES && !this.#ports.isFrugal()) this.#fetch(file);
      else this.#become(file, 'away');
    });
  }

  #queue(file: AttachedFile, run: () => Promise<void> | void): void {
    // The device can't be read now, or the code that draws can't be fetched.
    this.#drawing = this.#drawing.then(() => (this.#isClosed ? undefined : run())).catch(() => this.#become(file, 'away'));
  }

  #fetch(file: AttachedFile): void {
    const run = async (): Promise<void> => {
      const bytes = this.#isClosed ? null : await this.#ports.bytesOf(file, { mayFetch: true });
      if (bytes === null) this.#become(file, 'away');
      else this.#queue(file, () => this.#draw(file, bytes));
    };
    this.#fetching = this.#fetching.then(run).catch(() => this.#become(file, 'away'));
  }

  async #draw(file: AttachedFile, bytes: Blob): Promise<void> {
    if (!this.#hasRoom()) return this.#become(file, 'full');
    const opened = await this.#ports.open(bytes);
    if (!opened.ok) return this.#become(file, opened.problem === 'not-loaded' ? 'away' : 'none');
    const drawn = await opened.pdf.drawBitmap(1, SIDE_PX);
    opened.pdf.close();
    if (typeof drawn === 'string') return this.#become(file, 'none');
    const { bitmap } = drawn;
    if (this.#isClosed) return bitmap.close();
    this.#bitmaps.set(file.hash, bitmap);
    this.#entries.set(file.hash, { kind: 'there', page: { bitmap, width: bitmap.width, height: bitmap.height } });
    this.#ports.onPage(file.hash);
  }

  #hasRoom(): boolean {
    if (this.#bitmaps.size >= MAX_KEPT) this.makeRoom();
    return this.#bitmaps.size < MAX_KEPT;
  }

  #become({ hash }: AttachedFile, kind: 'asked' | 'away' | 'full' | 'none'): void {
    this.#entries.set(hash, { kind });
  }

  #forgetAll(kind: Entry['kind']): void {
    for (const [hash, entry] of [...this.#entries]) if (entry.kind === kind) this.#forget(hash);
  }

  /** Painted again, it is asked for. */
  #forget(hash: string): void {
    this.#entries.delete(hash);
    this.#ports.onPage(hash);
  }
}
