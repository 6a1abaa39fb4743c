/**
 * Wet ink both ways, whose code comes late, see stage/editing.ts.
 *
 *   waiting ──the code is there──▶ open: messages that others have sent meanwhile are read, in their order
 *
 * While it waits, nobody sees the wet ink of others, and nobody else that of this person; the next preview that is offered
 * sends its gesture from the beginning.
 */
import type { BoardChange, BoardElement, ElementId } from '@wetink/board';
import type { LatePart } from './late-part.ts';
import type { Preview } from '../tools/tool.ts';
import type { LaserEntry, WetEntry, WetInk } from '../wet/wet-ink.ts';
import type { CropPreview, LookPreview, WetMessage, WetSender, WetSenderOptions } from '../wet/wet-sender.ts';

/** Code for wet ink. */
export interface WetCode {
  readonly WetInk: typeof WetInk;
  readonly WetSender: typeof WetSender;
}

export interface LateWetOptions extends WetSenderOptions {
  readonly code: LatePart<WetCode>;
  readonly get: (id: ElementId) => BoardElement | undefined;
  /** The wet ink of others has changed. */
  readonly onChange: () => void;
}

type Received = WetMessage & { clientId: number };
/** `hand` sends the gesture on the canvas, `slider` a look or a crop beside it. */
type SenderName = 'hand' | 'slider';

interface OpenWet {
  readonly ink: WetInk;
  readonly senders: Readonly<Record<SenderName, WetSender>>;
}

/** Messages that wait: 16 s of one pen. Older ones are dropped, as the durable lane brings the record. */
const MAX_WAITING = 500;

export class LateWet {
  readonly #options: LateWetOptions;
  #open: OpenWet | null = null;
  #waiting: Received[] = [];

  constructor(options: LateWetOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#open === null ? this.#waiting.length === 0 : this.#open.ink.isEmpty;
  }
  entries(): Iterable<WetEntry> {
    return this.#open?.ink.entries() ?? [];
  }
  /** See `WetInk`, as for those below. */
  lasers(): LaserEntry[] {
    return this.#open?.ink.lasers() ?? [];
  }
  point(laser: { gesture: string; xyp: readonly number[] }): void {
    this.#opened()?.ink.point(laser, this.#options.now(), { isHeld: true });
  }
  letFade(gesture: string): void {
    this.#open?.ink.letFade(gesture, this.#options.now());
  }
  receive(message: Received): void {
    const open = this.#opened();
    if (open !== null) return this.#tell(open.ink.receive(message, this.#options.now(), this.#options.get));
    this.#waiting.push(message);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }
  /** @returns Whether anything to paint changed. */
  follow(change: BoardChange): boolean {
    return this.#open?.ink.follow(change, this.#options.now(), this.#options.get) ?? false;
  }
  dropClient(clientId: number): void {
    this.#waiting = this.#waiting.filter((message) => message.clientId !== clientId);
    this.#tell(this.#open?.ink.dropClient(clientId) ?? false);
  }
  expire(): void {
    this.#tell(this.#opened()?.ink.expire(this.#options.now()) ?? false);
  }
  /** For another board. */
  clear(): void {
    this.#waiting = [];
    this.#open?.ink.clear();
  }

  /** See `WetSender`, as for those below. */
  offer(by: SenderName, preview: Preview | LookPreview | CropPreview | null): void {
    if (preview !== null) this.#opened()?.senders[by].offer(preview);
  }
  finish(by: SenderName, gesture: string): void {
    this.#open?.senders[by].finish(gesture);
  }
  abandon(by: SenderName, gesture: string): void {
    this.#open?.senders[by].abandon(gesture);
  }
  repeat(): void {
    this.#eachSender((sender) => sender.repeat());
  }
  close(): void {
    this.#eachSender((sender) => sender.close());
  }

  #eachSender(task: (sender: WetSender) => void): void {
    if (this.#open !== null) Object.values(this.#open.senders).forEach(task);
  }

  #opened(): OpenWet | null {
    const code = this.#options.code.opened();
    if (this.#open !== null || code === null) return this.#open;
    const sender = (): WetSender => new code.WetSender(this.#options);
    this.#open = { ink: new code.WetInk(), senders: { hand: sender(), slider: sender() } };
    for (const message of this.#waiting.splice(0)) this.receive(message);
    return this.#open;
  }

  #tell(hasChanged: boolean): void {
    if (hasChanged) this.#options.onChange();
  }
}
