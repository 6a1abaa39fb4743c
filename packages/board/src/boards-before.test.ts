/**
 * Boards written before steps had an order of their own and before trimming kept typing: shapes, texts with undone and
 * unfinished typing, a trimmed log, clocks days apart. They open, show the same, and undo and redo as before. Cases that
 * have improved since are listed.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { importBoard } from './file/file-import.ts';
import type { UndoLimits } from './limits.ts';
import { type Device, device, draw, move, shownBoard, syncAll, Wall } from './testing/people.ts';
import { inspect } from './testing/insight.ts';

interface Before {
  readonly name: string;
  readonly now: number;
  readonly limits: UndoLimits | null;
  /** Result of `shownBoard`. */
  readonly shown: unknown;
  /** After everything was redone, what each press of undo and then of redo showed (as a digest), and what undo told. */
  readonly people: Readonly<Record<string, { readonly undos: readonly (readonly [string, string])[]; readonly redos: readonly string[] }>>;
  /** Base64: the `.wetink` file, and the update. */
  readonly file: string;
  readonly state: string;
}

const boards = JSON.parse(readFileSync(new URL('./fixtures/boards-written-before.json', import.meta.url), 'utf8')) as Before[];

const digest = (at: Device): string => createHash('sha256').update(shownBoard(at)).digest('base64url').slice(0, 10);

function open(board: Before, user: string): Device {
  const wall = new Wall();
  wall.now = board.now;
  return device(user, wall, { state: Buffer.from(board.state, 'base64'), seed: 7, ...(board.limits !== null && { limits: board.limits }) });
}

/** One person's presses of undo and redo, in the recorded form. */
function press(at: Device): { undos: [string, string][]; redos: string[] } {
  while (at.board.redo().isDone);
  const undos: [string, string][] = [];
  for (let outcome = at.board.undo(); outcome.isDone; outcome = at.board.undo()) {
    undos.push([digest(at), outcome.kept.map(({ reason, by, ids }) => `${reason} ${by.join()} ${ids.length}`).join(' ')]);
  }
  const redos: string[] = [];
  while (at.board.redo().isDone) redos.push(digest(at));
  return { undos, redos };
}

/** Undone steps no longer use up the reach, so more can be undone; and redo works after a clock that was days ahead. */
const better = new Set(['trimmed ana', 'days ben']);

describe.each(boards)('a board written before: $name', (board) => {
  it('[P1] [V3] opens, and shows the same', () => {
    const at = open(board, 'nobody');
    expect(JSON.parse(shownBoard(at))).toEqual(board.shown);
    const bare = new Y.Doc();
    Y.applyUpdate(bare, Buffer.from(board.state, 'base64'));
    expect(Y.encodeStateAsUpdate(at.doc)).toEqual(Y.encodeStateAsUpdate(bare));
  });

  it('[FI9] the file saved from it opens and shows the same', () => {
    const at = device('ana', new Wall());
    importBoard(at.board, Buffer.from(board.file, 'base64'));
    const looks = (text: string): unknown => (JSON.parse(text) as unknown[][]).map(([, , ...look]) => look.slice(0, 4));
    expect(looks(shownBoard(at))).toEqual(looks(JSON.stringify(board.shown)));
  });

  it.each(Object.keys(board.people))('[U4] [U7] [U8] undo and redo of %s show and report the same as before', (user) => {
    const before = board.people[user];
    const now = press(open(board, user));
    if (!better.has(`${board.name} ${user}`)) return expect(now).toEqual(before);
    expect(now.undos.slice(0, before?.undos.length)).toEqual(before?.undos);
    expect(now.redos.length).toBe(now.undos.length);
  });

  it('[U11] [P9] new work leaves the old elements unchanged, and all devices agree', () => {
    const people = ['ana', 'ben', 'cid'].map((user) => open(board, user));
    const [ana] = people as [Device];
    const olds = inspect(ana.doc).ids;
    const looks = (at: Device): string => {
      const { elements, history } = inspect(at.doc);
      return JSON.stringify(olds.map((id) => [elements.get(id), history.isHidden(id, elements.base(id)?.step ?? ('' as never))]));
    };
    const before = looks(ana);
    for (const at of people) {
      const id = draw(at);
      for (let i = 0; i < 6; i++) move(at, id, i + 1);
      at.board.undo();
      syncAll(...people);
    }
    for (const at of people) {
      expect(looks(at)).toBe(before);
      expect(shownBoard(at)).toBe(shownBoard(ana));
    }
  });
});
