/**
 * People with devices, for tests: each device has a board over its own document and its own clock, and a test decides
 * when updates travel between them.
 */
import * as Y from 'yjs';
import { createTunedBoard } from '../board.ts';
import { openChat } from '../chat/chat.ts';
import { defaultStyle, isLaterStyle } from '../document/fields.ts';
import { type UndoLimits, undoLimits } from '../limits.ts';
import { mulberry32 } from './pen.ts';
import type { Board, BoardElement, Chat, ElementId, Geometry, NewElement, UserId } from '../types.ts';

/** One wall clock for all devices of a test; each adds its own skew. */
export class Wall {
  now = 1_790_000_000_000;

  pass(ms: number): void {
    this.now += ms;
  }
}

export interface Device {
  readonly user: UserId;
  readonly doc: Y.Doc;
  readonly board: Board;
  readonly chat: Chat;
  /** Updates this device made since they were last taken. */
  readonly outbox: Uint8Array[];
  receive(update: Uint8Array): void;
  state(): Uint8Array;
}

export interface DeviceOptions {
  readonly clientId?: number;
  readonly skewMs?: number;
  readonly state?: Uint8Array;
  readonly limits?: UndoLimits;
  readonly seed?: number;
  readonly mayReconcile?: () => boolean;
}

let nextSeed = 1;

/** A page of `user`: a new document, a new session. With `state` it is a reload or another device. */
export function device(user: UserId, wall: Wall, options: DeviceOptions = {}): Device {
  const doc = new Y.Doc();
  if (options.clientId !== undefined) doc.clientID = options.clientId;
  if (options.state !== undefined) Y.applyUpdate(doc, options.state, 'network');
  const outbox: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'network') outbox.push(update);
  });
  const board = createTunedBoard(
    {
      doc,
      userId: user,
      now: () => wall.now + (options.skewMs ?? 0),
      random: mulberry32(options.seed ?? nextSeed++),
      ...(options.mayReconcile !== undefined && { mayReconcile: options.mayReconcile }),
    },
    options.limits ?? undoLimits,
  );
  let chat: Chat | null = null;
  return {
    user,
    doc,
    board,
    get chat() {
      return (chat ??= openChat(board));
    },
    outbox,
    receive: (update) => Y.applyUpdate(doc, update, 'network'),
    state: () => Y.encodeStateAsUpdate(doc),
  };
}

/** Exchanges updates until both devices have everything. */
export function syncPair(a: Device, b: Device): void {
  b.receive(Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc)));
  a.receive(Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc)));
}

export function syncAll(...devices: Device[]): void {
  for (let round = 0; round < 2; round++) {
    for (const a of devices) for (const b of devices) if (a !== b) syncPair(a, b);
  }
}

export function box(x: number, y = 0): Geometry {
  return { x, y, w: 10, h: 10, rotation: 0 };
}

export function rectangle(x = 0, patch: Partial<NewElement> = {}): NewElement {
  return { kind: 'rectangle', geometry: box(x), style: defaultStyle, ...patch };
}

export function draw(at: Device, element: NewElement = rectangle()): ElementId {
  return at.board.run((edit) => edit.create(element));
}

export function move(at: Device, id: ElementId, x: number): void {
  at.board.run((edit) => edit.setGeometry(id, box(x)));
}

export function recolor(at: Device, id: ElementId, color: 'red' | 'green' | 'blue' | 'orange'): void {
  at.board.run((edit) => edit.setStyle(id, 'color', color));
}

export function erase(at: Device, ...ids: ElementId[]): void {
  at.board.run((edit) => edit.remove(ids));
}

/** The visible board as text: equal on two devices when they show the same. */
export function shownBoard({ board }: Device): string {
  return JSON.stringify(
    board
      .elements()
      .map((element) => [element.id, element.author, element.geometry, firstStyle(element), element.isLocked, element.text, element.z]),
  );
}

/** Parts that were added to the format later are left out where they are plain: boards written before have none of them. */
function firstStyle({ style, points }: BoardElement): object {
  const isFirst = (prop: keyof typeof style): boolean => !isLaterStyle(prop) || style[prop] !== defaultStyle[prop];
  return {
    ...Object.fromEntries(Object.entries(style).filter(([prop]) => isFirst(prop as keyof typeof style))),
    ...(points && { points }),
  };
}
