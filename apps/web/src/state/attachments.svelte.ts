/**
 * The files of the open board, for the page and the stage. Their code is fetched with the first file, or when the page is
 * idle, since files of an earlier visit may wait for the server.
 */
import type { AttachedFile } from '@wetink/board';
import { plainFile, type ShownFile, type ShownFiles } from '@wetink/canvas';
import type { FileState } from '../core/file-state.ts';
import type { LackingCounts } from '../core/lacking.ts';
import { keepLackingCounts, readLackingCounts } from '../core/last-lacking-counts.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import { arrivalsOf } from '../session/arrivals.ts';
import type { Attachments } from '../session/attachments.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Door } from '../session/door.ts';
import { Listeners } from '../session/listeners.ts';
import { onEditor } from '../session/on-editor.ts';
import type { AppContext } from './context.ts';
import { LateWork } from './late-work.ts';

const part = () => import('../session/attachments.ts');
type Part = Awaited<ReturnType<typeof part>>;
type Work = Awaited<ReturnType<AppContext['imageWork']>>;

const fetchBoth = (app: AppContext): Promise<[Part, Work]> => Promise.all([part(), app.imageWork()]);

/** Fetches the code for files while the page is idle. */
export const attachmentParts = { part } as const;

export class AttachmentsState {
  /** For the stage. */
  readonly shown: ShownFiles = { find: (file) => this.#find(file), onChange: (callback) => this.#changed.add(callback) };
  /** Files that the server lacks; those of an earlier visit until they are counted. */
  counts: LackingCounts;
  readonly #ports: { session: BoardSession; door: Door; app: AppContext };
  readonly #changed = new Listeners<[hashes: ReadonlySet<string>]>();
  /** Grows when a state has changed, for readers of `stateOf`. */
  #version = $state.raw(0);
  readonly #work: LateWork<[Part, Work], Attachments>;

  constructor(session: BoardSession, door: Door, app: AppContext) {
    this.#ports = { session, door, app };
    this.counts = $state.raw(readLackingCounts(app.facts, session.boardId, 'files'));
    this.#work = new LateWork({
      fetchCode: () => fetchBoth(app),
      open: (code) => this.#open(...code),
      start: (attachments) => {
        // Cards that were painted before ask now.
        this.#tell(attachments.shown());
        return onEditor(session.room, () => attachments.mayEdit());
      },
      signs: app.toasts,
    });
  }

  /** Null when the code can't be fetched now; a toast has said so. */
  get(): Promise<Attachments | null> {
    return this.#work.get();
  }
  /** Sends what waits from an earlier visit. */
  resume(): void {
    void this.#work.inTime();
  }
  stateOf(file: AttachedFile): FileState {
    void this.#version;
    return this.#work.opened()?.stateOf(file) ?? { kind: 'there' };
  }
  /** Leaving the page now would lose a file. */
  get wouldLose(): boolean {
    return this.counts.isAtRisk;
  }
  /** Idempotent. */
  close(): void {
    this.#work.close();
  }

  #find(file: AttachedFile): ShownFile {
    const attachments = this.#work.opened();
    if (attachments === null) {
      this.resume();
      return plainFile;
    }
    return {
      ...attachments.lineOf(file),
      // Not asked for by a card that is too low to show it.
      get page() {
        return attachments.pageOf(file);
      },
    };
  }
  #tell(hashes: ReadonlySet<string>): void {
    this.#version += 1;
    this.#changed.tell(hashes);
  }
  #open({ openAttachments, filesOf }: Part, work: Work): Attachments {
    const { session, door, app } = this.#ports;
    return openAttachments({
      boardId: session.boardId,
      session,
      work,
      shown: { hashes: () => new Set(filesOf(session.board).map(({ hash }) => hash)), onChange: (run) => session.onChange(run) },
      url: apiUrlFor(app.relayUrl),
      arrivals: arrivalsOf(session.room),
      token: (request) => door.getToken(request),
      fail: (sentence) => app.toasts.fail(sentence),
      onCount: (counts) => {
        this.counts = counts;
        keepLackingCounts(app.facts, session.boardId, 'files', counts);
      },
      onStates: (hashes) => this.#tell(hashes),
    });
  }
}
