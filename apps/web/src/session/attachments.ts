/**
 * The files of one open board: takes them in, sends them, knows how far each one is, and gets the bytes of others.
 *
 *     file ── hashed in the worker ──> device ──> element or message (by the caller)
 *                                        └──> server, in parts ──> everyone else, who ask for it
 *
 * Only this person's own files and those they asked for are on their device. This module is fetched with the first file.
 */
import { chatFiles, cleanFileName, wholeBoard, type AttachedFile, type Board } from '@wetink/board';
import type { ShownFile } from '@wetink/canvas';
import type { BlobRequest } from '../account/blob-api.ts';
import { createFileApi, type FileApi, type FileLimits } from '../account/file-api.ts';
import { createImagePage } from '../browser/image-page.ts';
import type { ImageWork } from '../browser/image-work.ts';
import { scheduleTimeout } from '../browser/timers.ts';
import type { BoardId } from '../core/board-id.ts';
import {
  downloadSentence,
  filesNotPutSentence,
  fileProblemSentence,
  receivingSentence,
  refusedFileSentence,
  type FileProblem,
} from '../core/file-sentences.ts';
import { filesAmong } from '../core/board-pictures.ts';
import { fileLine, type FileLine, type FileState } from '../core/file-state.ts';
import type { LackingCounts } from '../core/lacking.ts';
import type { UploadAnswer } from '../core/upload-answer.ts';
import type { Arrivals } from './arrivals.ts';
import type { ImagePage } from './board-images.ts';
import { openFileStore, type FileStore } from './blob-store.ts';
import { BlobUploads, type ShownOnBoard } from './blob-uploads.ts';
import { FileChecks } from './file-checks.ts';
import { fetchFile, type FetchedFile } from './fetch-file.ts';
import { OwnBlobs, type OpenBoard } from './own-blobs.ts';
import { FirstPages, type FirstPagesPorts } from './first-pages.ts';
import { sendFile } from './send-file.ts';

export interface AttachmentsPorts {
  readonly boardId: BoardId;
  readonly store: FileStore;
  readonly work: Pick<ImageWork, 'hashOfFile'>;
  readonly shown: ShownOnBoard;
  readonly session: OpenBoard;
  readonly api: FileApi;
  readonly arrivals: Arrivals;
  /** @throws {Error} Try again later. */
  token(request: { mustBeFresh: boolean }): Promise<string>;
  fail(sentence: string): void;
  /** The server lacks another number of files. */
  onCount(counts: LackingCounts): void;
  /** `stateOf` now gives another answer for these hashes. */
  onStates(hashes: ReadonlySet<string>): void;
  readonly page: ImagePage;
  readonly schedule: typeof scheduleTimeout;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** For first pages of PDFs. */
  readonly pdf: Pick<FirstPagesPorts, 'open' | 'isFrugal'>;
}

export interface AddedFiles {
  readonly files: readonly AttachedFile[];
  /** They come onto no board after all: the server need not get them. */
  release(): Promise<void>;
}

/** The limit of a relay that can't be asked now. It has the last word when the file is sent. */
export const DEFAULT_MAX_FILE_BYTES = 100 * 1024 * 1024;
/** A relay that does not answer by then is asked by sending. */
const LIMITS_MS = 4_000;
/** States are shown this often, which paints cards. */
const SHOWN_MS = 200;
/** Looking through a large board takes some milliseconds, and a stroke changes it at every move. */
const LOOK_AFTER_MS = 300;
/** Kept on this device after they were fetched: a larger file would push out everything else. */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;

const there: FileState = { kind: 'there' };

/** The files of a board: of its elements and of its chat. */
export function filesOf(board: Board): AttachedFile[] {
  return [...filesAmong(wholeBoard(board).elements()), ...chatFiles(board.doc)];
}

/** In the browser. @param url The relay's, `http://…` or `https://…`. */
export function openAttachments({
  url,
  ...ports
}: Omit<AttachmentsPorts, 'store' | 'api' | 'page' | 'schedule' | 'now' | 'pdf'> & { url: string }): Attachments {
  const store = openFileStore(ports.boardId, (globalThis.indexedDB as IDBFactory | undefined) ?? null);
  const page = createImagePage();
  return new Attachments({
    ...ports,
    store,
    api: createFileApi(url),
    page,
    schedule: scheduleTimeout,
    now: () => performance.now(),
    pdf: { open: async (file) => (await import('../browser/pdf-work.ts')).openPdf(file), isFrugal: savesData },
  });
}

/** The person has asked the browser to save data; few browsers tell. */
function savesData(): boolean {
  return (navigator as Navigator & { connection?: { saveData?: boolean } }).connection?.saveData === true;
}

export class Attachments {
  readonly #ports: AttachmentsPorts;
  readonly #firstPages: FirstPages;
  readonly #uploads: BlobUploads<Blob>;
  readonly #ownBlobs: OwnBlobs;
  readonly #states = new Map<string, FileState>();
  readonly #sending = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  /** Bytes on the server of own files, as last known. */
  readonly #sent = new Map<string, number>();
  /** Paused files of which the server was asked how much it has. */
  readonly #asked = new Set<string>();
  /** Files taken off the board, of which the server is to forget its part; `failed`: it did not answer. */
  readonly #drops = new Map<string, 'asked' | 'failed'>();
  #cancelLook: (() => void) | null = null;
  /** Own files that the server lacks. */
  #own = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #stops: readonly (() => void)[];
  readonly #checks: FileChecks;
  #cancelShow: (() => void) | null = null;
  readonly #closing = new AbortController();
  #isClosed = false;

  constructor(ports: AttachmentsPorts) {
    this.#ports = ports;
    const { boardId, store, arrivals, page, schedule } = ports;
    this.#uploads = new BlobUploads({
      store,
      shown: ports.shown,
      send: (hash, file, how) => this.#send(hash, file, how),
      inTurn: (run) => page.inTurn(`wetink.files.${boardId}`, run),
      schedule,
      onWake: (run) => page.onWake(run),
      random: Math.random,
      now: Date.now,
      onCount: (counts) => {
        ports.onCount(counts);
        void this.#readOwn();
      },
      onSent: (hash) => arrivals.tell(hash),
      onRefused: ({ name }, code) => ports.fail(refusedFileSentence(name, code, store)),
    });
    const has = async (hash: string): Promise<boolean | null> => {
      const request = await this.#request(hash, { mustBeFresh: false }).catch(() => null);
      return request === null ? null : ports.api.has(request);
    };
    this.#checks = new FileChecks({
      has,
      shown: () => ports.shown.hashes(),
      isOwn: (hash) => this.#own.has(hash),
      onAnswer: (hash, isThere) => this.#noteCheck(hash, isThere),
      onHidden: (hash) => this.#forget(hash),
      schedule,
    });
    this.#ownBlobs = new OwnBlobs({
      store,
      shown: ports.shown,
      session: ports.session,
      has,
      onWaiting: () => this.wake(),
      onWake: (run) => page.onWake(run),
      schedule,
      now: Date.now,
    });
    this.#firstPages = new FirstPages({
      ...ports.pdf,
      bytesOf: (file, options) => this.#quietBytesOf(file, options),
      shown: () => ports.shown.hashes(),
      onPage: (hash) => this.#show(hash),
    });
    this.#stops = [
      page.onWake(() => this.#tryAgain()),
      arrivals.onArrival((isIt) => this.#checkAbsent(isIt)),
      ports.shown.onChange(() => this.#lookSoon()),
    ];
    if (page.channel !== null)
      page.channel.onmessage = ({ data }) => {
        if (data !== `files ${boardId}`) return;
        this.#uploads.wake();
        void this.#readOwn();
      };
    void this.#readOwn();
    this.#uploads.wake();
  }

  /** Never waits: a file that nobody has asked for is taken to be there, and asked for. */
  stateOf({ hash }: Pick<AttachedFile, 'hash'>): FileState {
    const known = this.#states.get(hash);
    if (known !== undefined) return known;
    this.#states.set(hash, there);
    this.#ports.schedule(() => this.#checks.ask([hash]), 0);
    return there;
  }

  /**
   * Hashes files and keeps them on this device. Says why one is left out; the others are returned, to be put on the board
   * or released. There is none if the board is closed meanwhile.
   */
  async add(files: readonly File[]): Promise<AddedFiles> {
    const { store, work, fail } = this.#ports;
    const before = new Set((await store.waiting()).map(({ hash }) => hash));
    const taken = new Map<string, AttachedFile>();
    const release = async (): Promise<void> => {
      for (const hash of taken.keys()) if (!before.has(hash)) await store.sent(hash);
    };
    const added: AttachedFile[] = [];
    const limits = await this.#limits();
    let left = 0;
    for (const file of files) {
      const problem = tooMuch(
        file.size,
        limits,
        added.reduce((sum, { bytes }) => sum + bytes, 0),
      );
      const hash = problem === null ? await work.hashOfFile(file).catch(() => null) : null;
      if (this.#isClosed) {
        left = files.length - files.indexOf(file);
        break;
      }
      const refusal = problem ?? (hash === null ? ({ kind: 'unreadable' } as const) : await this.#keep(hash, file));
      if (refusal !== null || hash === null) {
        fail(fileProblemSentence(file.name, refusal as FileProblem));
        continue;
      }
      const attached = { hash, type: file.type, bytes: file.size, name: cleanFileName(file.name) };
      added.push(attached);
      taken.set(hash, attached);
    }
    if (this.#isClosed) {
      await release();
      fail(filesNotPutSentence(left + added.length, 'left'));
      return { files: [], release };
    }
    return { files: added, release };
  }

  /** The files that `add` has returned are on no board after all. */
  sayNotPut(count: number, why: 'left' | 'read-only'): void {
    if (count > 0) this.#ports.fail(filesNotPutSentence(count, why));
  }

  /** The person asks for a file that is on its way because of another click. */
  sayReceiving({ name }: Pick<AttachedFile, 'name'>): void {
    this.#ports.fail(receivingSentence(name));
  }

  /** After the files that `add` has returned are on the board. */
  wake(): void {
    if (this.#isClosed) return;
    this.#uploads.wake();
    void this.#readOwn();
    this.#ports.page.channel?.postMessage(`files ${this.#ports.boardId}`);
  }

  /** Stops sending until `resume`, also after a reload. */
  async pause({ hash }: Pick<AttachedFile, 'hash'>): Promise<void> {
    const noted = this.#ports.store.setPaused(hash, true);
    this.#sending.get(hash)?.controller.abort();
    await noted;
    this.wake();
  }

  /** Goes on, and tries once more to send what was refused. */
  async resume({ hash }: Pick<AttachedFile, 'hash'>): Promise<void> {
    await this.#ports.store.refused(hash, null);
    await this.#ports.store.setPaused(hash, false);
    this.#ports.page.channel?.postMessage(`files ${this.#ports.boardId}`);
    this.wake();
  }

  /** The person may change the board: sends what the server refused because they could not. */
  mayEdit(): void {
    void this.#uploads.mayEdit();
    this.#ownBlobs.mayEdit();
  }

  /** Hashes of the files that elements and messages of the chat have. */
  shown(): ReadonlySet<string> {
    return this.#ports.shown.hashes();
  }
  /** An element or a message of the chat has it. */
  isShown({ hash }: Pick<AttachedFile, 'hash'>): boolean {
    return this.shown().has(hash);
  }

  /** The caller has taken it off the board: the server forgets its part. The device keeps it, for an undo. */
  async cancel({ hash }: Pick<AttachedFile, 'hash'>): Promise<void> {
    await this.#dropPart(hash);
    this.wake();
  }

  /** The line on its card. */
  lineOf(file: AttachedFile): FileLine {
    return fileLine(file.bytes, this.stateOf(file));
  }

  /** The first page of a PDF on its card; null while there is none. */
  pageOf(file: AttachedFile): ShownFile['page'] {
    return this.#firstPages.find(file);
  }

  /** The bytes of a file: from this device, or else from the server. Null when they can't be had, after a sentence that says why, or when the person has stopped it. */
  async bytesOf(file: AttachedFile, signal: AbortSignal): Promise<Blob | null> {
    const { store } = this.#ports;
    const stored = await store.get(file.hash).catch(() => null);
    if (stored !== null) return stored.bytes;
    const before = this.stateOf(file);
    const fetched = await this.#fetch(file, signal, (got) => this.#become(file.hash, { kind: 'receiving', got }));
    this.#become(file.hash, fetched.kind === 'whole' ? there : fetched.kind === 'absent' ? { kind: 'absent' } : before);
    if (fetched.kind !== 'whole') {
      if (fetched.kind !== 'stopped') this.#ports.fail(downloadSentence(file.name, fetched.kind));
      return null;
    }
    await this.#keepFetched(file, fetched.bytes);
    this.#firstPages.bytesAreHere(file);
    return fetched.bytes;
  }

  /** Idempotent. What waits is sent when the board is opened again. */
  close(): void {
    this.#isClosed = true;
    this.#uploads.close();
    this.#ownBlobs.close();
    for (const { controller } of this.#sending.values()) controller.abort();
    this.#closing.abort();
    this.#firstPages.close();
    this.#cancelLook?.();
    for (const stop of this.#stops) stop();
    this.#checks.close();
    this.#cancelShow?.();
    this.#ports.page.channel?.close();
  }

  #fetch(file: AttachedFile, signal: AbortSignal, onProgress: (got: number) => void): Promise<FetchedFile> {
    const { api, work, schedule } = this.#ports;
    return fetchFile(file, {
      from: async (start) => {
        const request = await this.#request(file.hash, { mustBeFresh: false }).catch(() => null);
        return request === null ? { kind: 'unreachable' } : api.from(request, start, signal);
      },
      hashOf: (bytes) => work.hashOfFile(bytes),
      onProgress,
      wait: (delayMs) =>
        new Promise((resolve) => {
          const cancel = schedule(resolve, delayMs);
          const end = (): void => {
            cancel();
            resolve();
          };
          if (signal.aborted) end();
          else signal.addEventListener('abort', end, { once: true });
        }),
      signal,
    });
  }

  async #keepFetched(file: AttachedFile, bytes: Blob): Promise<void> {
    if (file.bytes <= MAX_KEPT_BYTES) await this.#ports.store.keep(file.hash, { type: file.type, bytes });
  }

  /** For what the person has not asked for: no progress, no sentence. */
  async #quietBytesOf(file: AttachedFile, { mayFetch }: { mayFetch: boolean }): Promise<Blob | null> {
    const stored = await this.#ports.store.get(file.hash).catch(() => null);
    if (stored !== null) return stored.bytes;
    if (!mayFetch || this.stateOf(file).kind !== 'there') return null;
    const fetched = await this.#fetch(file, this.#closing.signal, () => undefined);
    if (fetched.kind !== 'whole') return null;
    await this.#keepFetched(file, fetched.bytes);
    return fetched.bytes;
  }

  /** The server forgets its part of a file. Without an answer it is asked again when the network may be back. */
  async #dropPart(hash: string): Promise<void> {
    if (this.#drops.get(hash) === 'asked') return;
    this.#drops.set(hash, 'asked');
    const sending = this.#sending.get(hash);
    sending?.controller.abort();
    // A part on its way would come after the server has forgotten the others.
    await sending?.ended;
    const request = await this.#request(hash, { mustBeFresh: false }).catch(() => null);
    const isDropped = request !== null && (await this.#ports.api.drop(request));
    if (!isDropped) return void this.#drops.set(hash, 'failed');
    this.#drops.delete(hash);
    this.#sent.delete(hash);
  }

  /** After a change of the board: a file on its way may have been deleted or undone, by whatever way. */
  #lookSoon(): void {
    if ((this.#sent.size === 0 && !this.#firstPages.isFull) || this.#isClosed) return;
    this.#cancelLook ??= this.#ports.schedule(() => {
      this.#cancelLook = null;
      const shown = this.#ports.shown.hashes();
      for (const hash of this.#sent.keys())
        if (this.#own.has(hash) && !shown.has(hash) && !this.#drops.has(hash)) void this.#dropPart(hash);
      if (this.#firstPages.isFull) this.#firstPages.makeRoom();
    }, LOOK_AFTER_MS);
  }

  /** The network may be back. */
  #tryAgain(): void {
    this.#checkAbsent();
    this.#firstPages.wake();
    for (const [hash, { kind }] of this.#states) if (kind === 'paused' && !this.#sent.has(hash)) void this.#askSent(hash);
    const shown = this.#drops.size === 0 ? null : this.#ports.shown.hashes();
    for (const [hash, how] of [...this.#drops]) {
      if (how === 'asked') continue;
      this.#drops.delete(hash);
      // One that is shown again is being sent.
      if (shown?.has(hash) === false) void this.#dropPart(hash);
    }
  }

  /** After a reload only the server knows how much of a paused file it has. Without an answer it is asked again. */
  async #askSent(hash: string): Promise<void> {
    if (this.#asked.has(hash)) return;
    this.#asked.add(hash);
    const request = await this.#request(hash, { mustBeFresh: false }).catch(() => null);
    const answer = request === null ? null : await this.#ports.api.state(request, this.#closing.signal);
    if (answer === null || answer.kind === 'unreachable') this.#asked.delete(hash);
    if (answer?.kind !== 'held' || this.#sent.has(hash) || this.#states.get(hash)?.kind !== 'paused') return;
    this.#sent.set(hash, answer.offset);
    this.#become(hash, { kind: 'paused', sent: answer.offset });
  }

  async #request(hash: string, how: { mustBeFresh: boolean }): Promise<BlobRequest> {
    return { token: await this.#ports.token(how), boardId: this.#ports.boardId, hash };
  }

  async #send(hash: string, file: Blob, how: { mustBeFresh: boolean }): Promise<UploadAnswer> {
    const { api, shown, now } = this.#ports;
    const controller = new AbortController();
    let end = (): void => undefined;
    this.#sending.set(hash, { controller, ended: new Promise((resolve) => (end = resolve)) });
    let mustBeFresh = how.mustBeFresh;
    try {
      const answer = await sendFile(file, {
        api,
        request: () => {
          if (!shown.hashes().has(hash)) controller.abort();
          const asked = this.#request(hash, { mustBeFresh });
          mustBeFresh = false;
          return asked;
        },
        now,
        onProgress: (sent) => {
          this.#sent.set(hash, sent);
          this.#become(hash, { kind: 'sending', sent });
        },
        signal: controller.signal,
      });
      if (answer.kind === 'unreachable' || answer.kind === 'answered') this.#noteAnswer(hash, answer);
      return answer;
    } finally {
      this.#sending.delete(hash);
      end();
      void this.#readOwn();
    }
  }

  #noteAnswer(hash: string, answer: UploadAnswer): void {
    const status = answer.kind === 'answered' ? answer.status : null;
    if (status === 201) return void this.#become(hash, there);
    const answered = status === 507 ? 'server-full' : status === 503 || status === 429 ? 'server-busy' : 'server';
    const why = status === null ? 'network' : answered;
    this.#become(hash, { kind: 'waiting', sent: this.#sent.get(hash) ?? 0, why });
  }

  async #keep(hash: string, file: File): Promise<FileProblem | null> {
    try {
      await this.#ports.store.add(hash, { bytes: file, type: file.type, name: file.name });
      return null;
    } catch (error) {
      if (error instanceof DOMException) return { kind: 'device-full' };
      throw error;
    }
  }

  async #limits(): Promise<FileLimits | 'no-files' | null> {
    const { api, boardId, token, schedule } = this.#ports;
    const late = new Promise<null>((resolve) => schedule(() => resolve(null), LIMITS_MS));
    const asked = token({ mustBeFresh: false }).then((given) => api.limits({ token: given, boardId }));
    return Promise.race([asked.catch(() => null), late]);
  }

  /** Reads which files wait here, and how they are, from the device. */
  async #readOwn(): Promise<void> {
    const waiting = await this.#ports.store.waiting();
    if (this.#isClosed) return;
    const own = new Set(waiting.map(({ hash }) => hash));
    // The server has those now that waited before.
    for (const hash of this.#own) if (!own.has(hash)) this.#become(hash, there);
    this.#own = own;
    for (const { hash, refusal, isPaused } of waiting) {
      // Also when another tab has paused it.
      if (isPaused) this.#sending.get(hash)?.controller.abort();
      const sent = this.#sent.get(hash) ?? 0;
      const before = this.#states.get(hash)?.kind;
      if (refusal !== null) this.#become(hash, { kind: 'refused', code: refusal.code });
      else if (isPaused) {
        this.#become(hash, { kind: 'paused', sent });
        if (!this.#sent.has(hash)) void this.#askSent(hash);
      } else if (!this.#sending.has(hash) && before !== 'waiting') this.#become(hash, { kind: 'waiting', sent, why: '' });
    }
  }

  #become(hash: string, state: FileState): void {
    const before = this.#states.get(hash)?.kind;
    this.#states.set(hash, state);
    // Another person's file has arrived on the server.
    if (state.kind === 'there' && before === 'absent') this.#firstPages.bytesAreHere({ hash });
    this.#show(hash);
  }

  /** Has cards and messages of this hash shown anew. */
  #show(hash: string): void {
    this.#changed.add(hash);
    if (this.#isClosed) return;
    this.#cancelShow ??= this.#ports.schedule(() => {
      this.#cancelShow = null;
      const changed = new Set(this.#changed);
      this.#changed.clear();
      this.#ports.onStates(changed);
    }, SHOWN_MS);
  }

  /** @returns Whether the server has it, and its card says so. */
  #noteCheck(hash: string, has: boolean | null): boolean {
    const kind = this.#states.get(hash)?.kind;
    if (has === true && kind !== 'receiving') {
      if (kind !== 'there') this.#become(hash, there);
      return true;
    }
    if (has === false) void this.#ownBlobs.serverLacks(hash);
    // Without an answer, or while it comes, the card stays as it is.
    if (has === false && kind !== 'absent' && kind !== 'receiving') this.#become(hash, { kind: 'absent' });
    return false;
  }

  /** A file that the board does not show is asked for when it is shown again. */
  #forget(hash: string): void {
    if (this.#states.get(hash)?.kind !== 'receiving') this.#states.delete(hash);
  }

  #checkAbsent(isIt: (hash: string) => boolean = () => true): void {
    this.#checks.ask([...this.#states].flatMap(([hash, { kind }]) => (kind === 'absent' && isIt(hash) ? [hash] : [])));
  }
}

/** @param added Bytes of files that were taken before it and are not sent yet. */
function tooMuch(bytes: number, limits: FileLimits | 'no-files' | null, added: number): FileProblem | null {
  if (bytes === 0) return { kind: 'empty' };
  if (limits === 'no-files') return { kind: 'no-files' };
  const { maxFileBytes = DEFAULT_MAX_FILE_BYTES } = limits ?? {};
  if (bytes > maxFileBytes) return { kind: 'too-large', maxBytes: maxFileBytes };
  if (limits === null) return null;
  const { maxBoardBytes, boardBytes, maxUserBytes, userBytes } = limits;
  if (boardBytes + added + bytes > maxBoardBytes)
    return { kind: 'board-full', maxBytes: maxBoardBytes, leftBytes: maxBoardBytes - boardBytes - added };
  if (userBytes + added + bytes > maxUserBytes)
    return { kind: 'user-full', maxBytes: maxUserBytes, leftBytes: maxUserBytes - userBytes - added };
  return null;
}
