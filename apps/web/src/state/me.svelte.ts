/** My identity on this device, and the boards I opened: small facts that outlive the page. */
import { untrack } from 'svelte';
import type { BoardId } from '../core/board-id.ts';
import type { SignedIn } from '../core/board-info.ts';
import { cleanName, keepIdentity, loadIdentity, storedIdentity, type Identity } from '../core/identity.ts';
import type { KeyValue } from '../core/key-value.ts';
import {
  parseRecentBoards,
  parseWaiting,
  RECENT_KEY,
  WAITING_KEY,
  withChanged,
  withOpened,
  withoutBoard,
  withRestored,
  withWaiting,
  type RecentBoard,
  type Waiting,
} from '../core/recent-boards.ts';

/** The picture that I chose of myself, as a `data:` address beside my id: on this device alone, for every board. */
export const PICTURE_KEY = 'wetink.picture';
/** As own-picture.svelte.ts makes it: anything else was written by something else. */
const PICTURE = /^data:image\/(webp|jpeg|png);base64,[A-Za-z0-9+/]{1,4096}={0,2}$/;

export class Me {
  #facts: KeyValue;
  #identity = $state.raw<Identity>({ id: '', secret: '', name: '', isSuggested: true });
  #user = $state.raw<SignedIn | null>(null);
  #chosen = $state.raw<{ readonly owner: string; readonly url: string } | null>(null);

  constructor(facts: KeyValue) {
    this.#facts = facts;
    this.#identity = loadIdentity(facts, (bytes) => void crypto.getRandomValues(bytes), Math.random);
    this.#chosen = storedPicture(facts);
  }
  /** Another tab has written to storage: a name or picture chosen there is mine here too, but another person's identity is not. */
  reread(): void {
    const stored = storedIdentity(this.#facts);
    if (stored !== null && stored.id === this.#identity.id) this.#identity = stored;
    this.#chosen = storedPicture(this.#facts);
  }
  /** The operator's user who is signed in; null: I am the guest of this browser. */
  become(user: SignedIn | null): void {
    const { id, name, picture } = this.#user ?? {};
    if (user?.id !== id || user?.name !== name || user?.picture !== picture) this.#user = user;
  }
  get guest(): Identity {
    return this.#identity;
  }
  get id(): string {
    return this.#user?.id ?? this.#identity.id;
  }
  get name(): string {
    return (this.#user?.name ?? '') || this.#identity.name;
  }
  /** The name is the operator's: it can't be changed here. */
  get isNameGiven(): boolean {
    return (this.#user?.name ?? '') !== '';
  }
  /** Address of my picture; null: my initials are shown. */
  get picture(): string | null {
    return this.#user?.picture ?? this.chosenPicture;
  }
  /** The picture that I chose on this device, as a `data:` address; never that of another person of this browser. */
  get chosenPicture(): string | null {
    return this.#chosen?.owner === this.id ? this.#chosen.url : null;
  }
  /** The picture is the operator's: it can't be changed here. */
  get isPictureGiven(): boolean {
    return (this.#user?.picture ?? null) !== null;
  }
  /** @param url `data:` address; null removes it. */
  choosePicture(url: string | null): void {
    this.#chosen = url === null ? null : { owner: this.id, url };
    if (this.#chosen === null) this.#facts.remove(PICTURE_KEY);
    else this.#facts.write(PICTURE_KEY, this.#chosen);
  }
  /** True until a name was chosen or confirmed. */
  get isSuggested(): boolean {
    return this.#identity.isSuggested && !this.isNameGiven;
  }
  /** @returns The name as kept; the previous one if cleaning leaves nothing of the new one. */
  rename(name: string): string {
    if (this.isNameGiven) return this.name;
    const { secret, name: before } = this.#identity;
    this.#identity = keepIdentity(this.#facts, { secret, name: cleanName(name) || before, isSuggested: false });
    return this.name;
  }
}

function storedPicture(facts: KeyValue): { owner: string; url: string } | null {
  const { owner, url } = (facts.read(PICTURE_KEY) ?? {}) as { owner?: unknown; url?: unknown };
  return typeof owner === 'string' && typeof url === 'string' && PICTURE.test(url) ? { owner, url } : null;
}

export class RecentBoards {
  #facts: KeyValue;
  #list = $state.raw<readonly RecentBoard[]>([]);
  #waiting = $state.raw<Waiting>({});

  constructor(facts: KeyValue) {
    this.#facts = facts;
    this.#list = parseRecentBoards(facts.read(RECENT_KEY));
    this.#waiting = parseWaiting(facts.read(WAITING_KEY));
  }
  get list(): readonly RecentBoard[] {
    return this.#list;
  }
  has(id: BoardId): boolean {
    return this.#list.some((board) => board.id === id);
  }
  /** Changes of a board that wait on this device, by its last status. */
  waitingOf(id: BoardId): number {
    return this.#waiting[id] ?? 0;
  }
  setWaiting(id: BoardId, count: number): void {
    const before = parseWaiting(this.#facts.read(WAITING_KEY)); // Another tab may have written since.
    const after = withWaiting(before, id, count);
    this.#waiting = after;
    if (after !== before) this.#facts.write(WAITING_KEY, after);
  }
  opened(id: BoardId, title: string): void {
    this.#change((list) => withOpened(list, { id, title }, Date.now()));
  }
  changed(id: BoardId, change: Partial<Pick<RecentBoard, 'title' | 'preview'>>): void {
    this.#change((list) => withChanged(list, id, change));
  }
  remove(id: BoardId): void {
    this.#change((list) => withoutBoard(list, id));
  }
  /** Undoes a removal: the board returns to its place. */
  restore(board: RecentBoard): void {
    this.#change((list) => withRestored(list, board));
  }

  /** Reads what is stored first: another tab may have written since. */
  #change(change: (list: readonly RecentBoard[]) => readonly RecentBoard[]): void {
    const stored = this.#facts.read(RECENT_KEY);
    const before = stored === null ? untrack(() => this.#list) : parseRecentBoards(stored);
    const after = change(before);
    if (after === before) return;
    this.#list = after;
    this.#facts.write(RECENT_KEY, after);
  }
}
