import { describe, expect, it } from 'vitest';
import type { BoardId } from './board-id.ts';
import {
  parseRecentBoards,
  parseWaiting,
  PREVIEW_MAX_CHARS,
  PREVIEWS_MAX,
  RECENT_MAX,
  waitingSentence,
  withChanged,
  withOpened,
  withoutBoard,
  withRestored,
  withWaiting,
  type RecentBoard,
} from './recent-boards.ts';

const id = (name: string) => name.padEnd(8, '-') as BoardId;
const picture = { light: 'data:image/png;base64,AA==', dark: 'data:image/png;base64,AB==' };

describe('boards opened before', () => {
  it('the board opened now comes first, once, with its title and preview', () => {
    let list = withOpened([], { id: id('a'), title: 'Plan' }, 1);
    list = withOpened(withChanged(list, id('a'), { preview: picture }), { id: id('b'), title: '' }, 2);
    list = withOpened(list, { id: id('a'), title: '' }, 3);
    expect(list).toEqual([
      { id: id('a'), title: 'Plan', openedAt: 3, preview: picture },
      { id: id('b'), title: '', openedAt: 2, preview: null },
    ]);
  });

  it('beyond the limit the oldest boards are forgotten', () => {
    let list = withOpened([], { id: id('first'), title: '' }, 0);
    for (let n = 1; n <= RECENT_MAX; n++) list = withOpened(list, { id: id(`n${n}`), title: '' }, n);
    expect(list).toHaveLength(RECENT_MAX);
    expect(list.some((item) => item.id === id('first'))).toBe(false);
  });

  it('boards that were not opened for long lose their pictures and stay in the list', () => {
    let list: readonly RecentBoard[] = [];
    for (let n = 0; n < PREVIEWS_MAX + 3; n++) {
      list = withChanged(withOpened(list, { id: id(`n${n}`), title: '' }, n), id(`n${n}`), { preview: picture });
    }
    expect(list).toHaveLength(PREVIEWS_MAX + 3);
    expect(list.filter((item) => item.preview === null).map((item) => item.id)).toEqual([id('n2'), id('n1'), id('n0')]);
    expect(parseRecentBoards(JSON.parse(JSON.stringify(list)))).toEqual(list);
    const fifth = list[5] as RecentBoard;
    expect(withRestored(withoutBoard(list, fifth.id), fifth)).toEqual(list);
  });

  it('the counts of waiting changes are remembered, without boards that have none', () => {
    const two = withWaiting({}, id('a'), 2);
    expect(two).toEqual({ [id('a')]: 2 });
    expect(withWaiting(two, id('a'), 2)).toBe(two);
    expect(withWaiting({}, id('a'), 0)).toEqual({});
    expect(withWaiting(withWaiting(two, id('b'), 1), id('a'), 0)).toEqual({ [id('b')]: 1 });
    expect(parseWaiting({ ...two, 'no/id': 3, [id('c')]: -1, [id('d')]: 'x' })).toEqual(two);
    expect([null, 3, 'x', []].map(parseWaiting)).toEqual([{}, {}, {}, {}]);
    expect([0, 1, 4].map(waitingSentence)).toEqual(['', '1 change waits on this device', '4 changes wait on this device']);
  });

  it('changes a title, returns the same list when nothing differs, and ignores strangers', () => {
    const list = withOpened([], { id: id('a'), title: 'Plan' }, 1);
    expect(withChanged(list, id('a'), { title: 'Plan B' })[0]?.title).toBe('Plan B');
    expect(withChanged(list, id('a'), { title: 'Plan' })).toBe(list);
    expect(withChanged(list, id('z'), { title: 'x' })).toBe(list);
  });

  it('the old preview stays if the new one is too big', () => {
    const list = withChanged(withOpened([], { id: id('a'), title: '' }, 1), id('a'), { preview: picture });
    const big = { ...picture, dark: `data:image/png;base64,${'A'.repeat(PREVIEW_MAX_CHARS)}` };
    expect(withChanged(list, id('a'), { preview: big })).toBe(list);
  });

  it('a board can be removed from the list', () => {
    expect(withoutBoard(withOpened([], { id: id('a'), title: '' }, 1), id('a'))).toEqual([]);
  });

  it('the stored list is read back without entries that are not boards', () => {
    const list = withChanged(withOpened([], { id: id('a'), title: 'Plan' }, 1), id('a'), { preview: picture });
    expect(parseRecentBoards(JSON.parse(JSON.stringify(list)))).toEqual(list);
    expect(parseRecentBoards('nonsense')).toEqual([]);
    const hostile = { light: 'javascript:alert(1)', dark: 'data:image/svg+xml;base64,AA==' };
    expect(
      parseRecentBoards([
        null,
        3,
        { id: '../x' },
        { id: id('a'), openedAt: 'soon' },
        { id: id('b'), openedAt: 5, preview: hostile },
        { id: id('b'), openedAt: 6 },
      ]),
    ).toEqual([{ id: id('b'), title: '', openedAt: 5, preview: null }]);
  });
});
