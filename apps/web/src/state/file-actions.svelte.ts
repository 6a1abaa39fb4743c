/** The acts of a person on one file: download, play, pause, resume, cancel. On a card of the board and in the chat. */
import type { AttachedFile, ElementId } from '@wetink/board';
import { downloadFile } from '../browser/download.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { AttachmentsState } from './attachments.svelte.ts';
import type { PdfPages } from './pdf-pages.svelte.ts';
import type { RoomState } from './room.svelte.ts';

/** A file in the player. The address is one of this page, and ends with it. */
export interface Playing {
  readonly file: AttachedFile;
  readonly url: string;
}

export interface FileActionsPorts {
  readonly session: BoardSession;
  readonly room: Pick<RoomState, 'isReadOnly'>;
  readonly attachments: Pick<AttachmentsState, 'get'>;
  readonly pdfPages: Pick<PdfPages, 'canOpen' | 'open'>;
}

export function isPlayable({ type }: Pick<AttachedFile, 'type'>): boolean {
  return /^(audio|video)\//.test(type);
}

export class FileActions {
  readonly #ports: FileActionsPorts;
  readonly #receiving = new Map<string, AbortController>();
  #playing = $state.raw<Playing | null>(null);

  constructor(ports: FileActionsPorts) {
    this.#ports = ports;
  }

  get playing(): Playing | null {
    return this.#playing;
  }
  /** A double click or Enter on its card. */
  open(id: ElementId): void {
    const file = this.#ports.session.board.get(id)?.file ?? null;
    if (file === null) return;
    const { pdfPages } = this.#ports;
    if (pdfPages.canOpen(file)) void pdfPages.open(id, file);
    else void (isPlayable(file) ? this.play(file) : this.download(file));
  }
  /** Saves it on the person's device. It is never opened in this page's origin. */
  async download(file: AttachedFile): Promise<void> {
    const bytes = await this.bytesOf(file);
    // Without its claimed type: nothing that a browser would rather show than save.
    if (bytes !== null) downloadFile(file.name === '' ? 'file' : file.name, bytes.slice(0, bytes.size, 'application/octet-stream'));
  }
  async play(file: AttachedFile): Promise<void> {
    const bytes = isPlayable(file) ? await this.bytesOf(file) : null;
    if (bytes === null) return;
    this.stopPlaying();
    this.#playing = { file, url: URL.createObjectURL(bytes.slice(0, bytes.size, file.type)) };
  }
  stopPlaying(): void {
    if (this.#playing !== null) URL.revokeObjectURL(this.#playing.url);
    this.#playing = null;
  }
  async pause(file: AttachedFile): Promise<void> {
    await (await this.#ports.attachments.get())?.pause(file);
  }
  async resume(file: AttachedFile): Promise<void> {
    await (await this.#ports.attachments.get())?.resume(file);
  }
  /**
   * Stops fetching the file of a card. If it is on its way to the server, takes this card off the board, which undo brings
   * back; the file is still sent while another card or a message shows it.
   */
  async cancel(id: ElementId): Promise<void> {
    const { session, room, attachments } = this.#ports;
    const { file = null, isLocked = false } = session.board.get(id) ?? {};
    if (file === null || this.stop(file) || room.isReadOnly || isLocked) return;
    session.board.run((edit) => edit.remove([id]));
    const part = await attachments.get();
    if (part?.isShown(file) === false) await part.cancel(file);
  }
  /** Stops fetching it. @returns Whether it was being fetched. */
  stop({ hash }: Pick<AttachedFile, 'hash'>): boolean {
    const receiving = this.#receiving.get(hash);
    receiving?.abort();
    return receiving !== undefined;
  }
  /** Null when they can't be had now; a toast has said why, unless the person or the signal has stopped it. */
  async bytesOf(file: AttachedFile, signal?: AbortSignal): Promise<Blob | null> {
    const part = await this.#ports.attachments.get();
    if (part === null || signal?.aborted === true) return null;
    if (this.#receiving.has(file.hash)) {
      part.sayReceiving(file);
      return null;
    }
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    signal?.addEventListener('abort', stop);
    this.#receiving.set(file.hash, controller);
    try {
      return await part.bytesOf(file, controller.signal);
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#receiving.delete(file.hash);
    }
  }
  /** Idempotent. */
  close(): void {
    for (const controller of this.#receiving.values()) controller.abort();
    this.stopPlaying();
  }
}
