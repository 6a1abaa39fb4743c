import { createBoard, PageView, type PageId } from '@wetink/board';
import type { Camera } from '@wetink/canvas';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { turnPages } from './turn-pages.ts';

const style = { color: 'ink', width: 4, fill: 'none', opacity: 1, fontSize: 20, font: 'sans' } as const;

/** A session over a board with three pages, and a stage that only has a camera. */
function setup(isRemembered = false) {
  const whole = createBoard({ doc: new Y.Doc(), userId: 'ana' });
  const pages = whole.run((edit) => [edit.addPage(), edit.addPage()]);
  const [second] = pages as [PageId, PageId];
  let board = new PageView(whole, '');
  let state = { camera: { x: 0, y: 0, zoom: 1 } as Camera, isBusy: false };
  const [onPage, onChange, onState] = [new Set<(from: PageId) => void>(), new Set<() => void>(), new Set<() => void>()];
  const listen =
    <Listener>(listeners: Set<Listener>) =>
    (listener: Listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
  const shown: PageId[] = [];
  const [gone, kept]: [string[], string[]] = [[], []];
  const facts = new Map<string, unknown>([['wetink.page.b', isRemembered ? second : null]]);
  const announced: unknown[] = [];
  const session = {
    boardId: 'b',
    isWhole: true,
    room: { whenLoaded: Promise.resolve(), whenSynced: new Promise(() => undefined) },
    get board() {
      return board;
    },
    showPage(page: PageId) {
      const from = board.page;
      if (page === from) return;
      board = new PageView(whole, page);
      onPage.forEach((tell) => tell(from));
      onChange.forEach((tell) => tell());
    },
    announce: (change: { page?: PageId }) => void announced.push(change.page),
    onPage: listen(onPage),
    onChange: listen(onChange),
  };
  const stage = {
    size: { width: 1_000, height: 500 },
    get state() {
      return state;
    },
    setBoard: (to: PageView) => void shown.push(to.page),
    setCamera: (camera: Camera) => void (state = { ...state, camera }),
    bounds: () => null,
    zoomToFit: () => undefined,
    onState: listen(onState),
  };
  const tell = (): void => onChange.forEach((run) => run());
  whole.onPages(tell);
  const stop = turnPages({
    session: session as never,
    stage: stage as never,
    facts: { read: (key: string) => facts.get(key) ?? null, write: (key: string, value: unknown) => void facts.set(key, value) } as never,
    onGone: () => void gone.push(board.page),
    onKept: () => void kept.push(board.page),
  });
  return {
    whole,
    second,
    session,
    stage,
    shown,
    gone,
    kept,
    facts,
    announced,
    stop,
    setBusy: (isBusy: boolean) => {
      state = { ...state, isBusy };
      onState.forEach((run) => run());
    },
  };
}

it('each page has a view of its own, others learn of the page, and the device remembers it', () => {
  const at = setup();
  at.stage.setCamera({ x: 50, y: 60, zoom: 2 });
  at.session.showPage(at.second);
  expect(at.stage.state.camera).toEqual({ x: 0, y: 0, zoom: 1 });
  at.stage.setCamera({ x: 7, y: 8, zoom: 1 });
  at.session.showPage('');
  expect(at.stage.state.camera).toEqual({ x: 50, y: 60, zoom: 2 });
  at.session.showPage(at.second);
  expect(at.stage.state.camera).toEqual({ x: 7, y: 8, zoom: 1 });
  expect([at.shown, at.announced]).toEqual([
    [at.second, '', at.second],
    [at.second, undefined, at.second],
  ]);
  expect(at.facts.get('wetink.page.b')).toBe(at.second);
});

it('the page that was seen last is shown once the board is read, in the view it has, unless the person has turned already', async () => {
  const at = setup(true);
  at.stage.setCamera({ x: 5, y: 6, zoom: 2 });
  await Promise.resolve();
  expect([at.session.board.page, at.stage.state.camera]).toEqual([at.second, { x: 5, y: 6, zoom: 2 }]);
  const turned = setup(true);
  const last = turned.whole.pages().at(-1)?.id ?? '';
  turned.session.showPage(last);
  const closed = setup(true);
  closed.stop();
  const gone = setup(true);
  gone.whole.run((edit) => edit.removePage(gone.second));
  await Promise.resolve();
  expect([turned, closed, gone].map(({ session }) => session.board.page)).toEqual([last, '', '']);
});

it('a page that is deleted goes out of view for the one at its place, and not while a pointer is down on it', () => {
  const at = setup();
  at.session.showPage(at.second);
  at.setBusy(true);
  at.whole.run((edit) => edit.removePage(at.second));
  expect([at.session.board.page, at.gone]).toEqual([at.second, []]);
  const last = at.whole.pages().at(-1)?.id;
  at.setBusy(false);
  expect([at.session.board.page, at.gone]).toEqual([last, [last]]);
});

it('a page that is drawn on while it is deleted stays in view', () => {
  const at = setup();
  at.session.showPage(at.second);
  at.setBusy(true);
  at.whole.run((edit) => edit.removePage(at.second));
  at.session.board.run((edit) => edit.create({ kind: 'rectangle', geometry: { x: 0, y: 0, w: 5, h: 5, rotation: 0 }, style }));
  expect(at.kept).toEqual([]);
  at.setBusy(false);
  expect([at.session.board.page, at.gone, at.kept]).toEqual([at.second, [], [at.second]]);
  // Once: what happens later is no news about the page.
  at.setBusy(true);
  at.setBusy(false);
  at.session.showPage('');
  at.session.showPage(at.second);
  expect(at.kept).toEqual([at.second]);
});
