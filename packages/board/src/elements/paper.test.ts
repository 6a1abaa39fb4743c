import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { contrast, oklchToHex } from '../color/color.ts';
import { colorTokens, palette, paper as themePaper } from '../color/palette.ts';
import { defaultPaper, paperPatterns, paperTones, resolveSheet } from '../color/papers.ts';
import { stepKey } from '../document/keys.ts';
import { PageView } from '../page-view.ts';
import { type Device, device, draw, syncPair, Wall } from '../testing/people.ts';
import type { PaperPattern, PaperTone, SessionId } from '../types.ts';

const wall = new Wall();
const set = ({ board }: Device, paper: { pattern?: PaperPattern; tone?: PaperTone }): void => board.run((edit) => edit.setPaper(paper));
function pair(): [ana: Device, ben: Device] {
  const ana = device('ana', wall);
  return [ana, device('ben', wall)];
}

/** Lightness, chroma and hue of each colour, in light and in dark. */
const designed: Readonly<Record<keyof typeof paperTones, readonly [readonly number[], readonly number[]]>> = {
  cream: [
    [0.975, 0.028, 90],
    [0.215, 0.014, 80],
  ],
  mint: [
    [0.975, 0.022, 160],
    [0.21, 0.02, 165],
  ],
  sky: [
    [0.973, 0.018, 240],
    [0.21, 0.03, 255],
  ],
  rose: [
    [0.973, 0.016, 10],
    [0.21, 0.022, 10],
  ],
  grey: [
    [0.965, 0.004, 260],
    [0.25, 0.008, 260],
  ],
};
const toHex = ([l = 0, c = 0, h = 0]: readonly number[]): string => oklchToHex({ l, c, h });

describe('the paper of a board', () => {
  it('[PP1] is white with dots at first, which stores nothing, and so does setting what is there', () => {
    const [ana] = pair();
    expect(ana.board.paper).toEqual({ pattern: 'dots', tone: 'white' });
    set(ana, { pattern: 'dots', tone: 'white' });
    set(ana, {});
    expect([ana.outbox.length, ana.board.canUndo]).toEqual([0, false]);
  });

  it('[PP1] every pattern and colour can be chosen, others see it, and a reload and a page of the board show the same', () => {
    const [ana, ben] = pair();
    for (const pattern of paperPatterns) {
      for (const tone of ['white', ...Object.keys(paperTones)] as PaperTone[]) {
        set(ana, { pattern, tone });
        syncPair(ana, ben);
        const again = device('ana', wall, { state: ana.state() });
        const seen = [ana, ben, again].map(({ board }) => board.paper);
        expect([...seen, new PageView(ben.board).paper]).toEqual(Array.from({ length: 4 }, () => ({ pattern, tone })));
      }
    }
  });

  it('[PP1] a change calls back once on both sides, and an element keeps its place', () => {
    const [ana, ben] = pair();
    const id = draw(ana);
    syncPair(ana, ben);
    const heard = { ana: 0, ben: 0, drawing: 0 };
    ana.board.onMeta(() => heard.ana++);
    ben.board.onMeta(() => heard.ben++);
    ben.board.onChange(() => heard.drawing++);
    const before = ben.board.get(id);
    set(ana, { pattern: 'grid', tone: 'mint' });
    syncPair(ana, ben);
    expect(heard).toEqual({ ana: 1, ben: 1, drawing: 0 });
    expect(ben.board.get(id)).toBe(before);
  });

  it('[PP2] setting it is one step: its person takes it back with one press, another person with none', () => {
    const [ana, ben] = pair();
    set(ana, { pattern: 'ruled' });
    set(ana, { pattern: 'grid', tone: 'rose' });
    syncPair(ana, ben);
    expect(ben.board.canUndo).toBe(false);
    ana.board.undo();
    syncPair(ana, ben);
    expect([ana.board.paper, ben.board.paper]).toEqual([
      { pattern: 'ruled', tone: 'white' },
      { pattern: 'ruled', tone: 'white' },
    ]);
    ana.board.redo();
    ana.board.undo();
    ana.board.undo();
    expect(ana.board.paper).toEqual(defaultPaper);
  });

  it('[PP2] a pattern and a colour set at once both stay, and undo leaves what another person set since', () => {
    const [ana, ben] = pair();
    set(ana, { pattern: 'ruled' });
    set(ben, { tone: 'sky' });
    syncPair(ana, ben);
    expect([ana.board.paper, ben.board.paper]).toEqual([
      { pattern: 'ruled', tone: 'sky' },
      { pattern: 'ruled', tone: 'sky' },
    ]);
    set(ben, { pattern: 'plain' });
    syncPair(ana, ben);
    ana.board.undo();
    expect(ana.board.paper).toEqual({ pattern: 'plain', tone: 'sky' });
  });

  it('[PP3] a value of a newer version is shown as the default, stays in the document, and a change of the other part leaves it', () => {
    const [ana] = pair();
    const step = stepKey(5, 'newer001' as SessionId);
    ana.doc.transact(() => ana.doc.getMap('pages').set('000000000/paper', ['isometric', step]));
    expect(ana.board.paper).toEqual(defaultPaper);
    set(ana, { tone: 'cream' });
    expect(ana.board.paper).toEqual({ pattern: 'dots', tone: 'cream' });
    expect(ana.doc.getMap('pages').get('000000000/paper')).toEqual(['isometric', step]);
    // Choosing what is shown is a choice, and taking it back brings the value back.
    set(ana, { pattern: 'dots' });
    expect(ana.doc.getMap('pages').get('000000000/paper')).not.toEqual(['isometric', step]);
    ana.board.undo();
    const later = device('ana', wall, { state: ana.state() });
    expect(later.board.paper).toEqual({ pattern: 'dots', tone: 'cream' });
  });

  it('[PP3] hostile values are shown as the default and break nothing', () => {
    for (const value of ['x'.repeat(41), 5, null, { toString: 1 }, 'url(javascript:1)', '__proto__', 'constructor']) {
      const doc = new Y.Doc();
      doc.getMap('pages').set('000000000/tone', [value, stepKey(5, 'newer001' as SessionId)]);
      doc.getMap('pages').set('000000000/paper', value);
      const board = createBoard({ doc, userId: 'ana' });
      expect([board.paper, resolveSheet(board.paper.tone, board.background, 'dark')]).toEqual([defaultPaper, themePaper.dark]);
    }
  });

  it('[PP3] an unknown pattern or colour cannot be set', () => {
    const [ana] = pair();
    for (const paper of [{ pattern: 'isometric' }, { tone: '__proto__' }, { tone: 'red' }])
      expect(() => ana.board.run((edit) => edit.setPaper(paper as object))).toThrow('paper');
    expect(ana.outbox).toEqual([]);
  });
});

describe('the colours of papers', () => {
  it('[PP4] are exactly the designed ones, and every colour of the palette can be seen on each in light and dark', () => {
    for (const [tone, shown] of Object.entries(paperTones)) {
      const [light, dark] = designed[tone as keyof typeof paperTones];
      expect([tone, shown]).toEqual([tone, { light: toHex(light), dark: toHex(dark) }]);
      for (const theme of ['light', 'dark'] as const) {
        expect(contrast(palette.ink[theme], shown[theme])).toBeGreaterThan(7);
        for (const token of colorTokens.filter((one) => one !== 'white'))
          expect([tone, theme, token, contrast(palette[token][theme], shown[theme]) >= 2.85]).toEqual([tone, theme, token, true]);
      }
    }
  });

  it('[PP4] white is the paper of the theme, or the background of a board that has one', () => {
    expect([resolveSheet('white', 'white', 'light'), resolveSheet('white', 'white', 'dark')]).toEqual([themePaper.light, themePaper.dark]);
    expect(resolveSheet('white', 'yellow', 'light')).toBe(palette.yellow.light);
    expect(resolveSheet('mint', 'yellow', 'light')).toBe(paperTones.mint.light);
  });
});
