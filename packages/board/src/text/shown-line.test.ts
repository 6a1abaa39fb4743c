import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createBoard } from '../board.ts';
import { openChat } from '../chat/chat.ts';
import { shownLine } from './shown-line.ts';

describe('[C4] a name or a title is one visible line', () => {
  it.each([
    ['Ben\u202enimda\u202c', 'Bennimda'],
    ['\u2066Ana\u2069\u200f', 'Ana'],
    ['A\u200bn\u2060a\ufeff', 'Ana'],
    ['A\u200dn\u200ca', 'Ana'],
    ['\u3164\u00ad\u{e0041}\u200d', ''],
    ['Ana\r\nadmin\u2028now\u0000', 'Ana admin now '],
    ['\ud83d', ' '],
    ['נועה', 'נועה'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3', '👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3'],
  ])('%j is shown as %j', (text, shown) => {
    expect(shownLine(text)).toBe(shown);
  });

  it('a name or title that a peer wrote directly into the document is shown as one visible line', () => {
    const doc = new Y.Doc();
    doc.getMap('meta').set('title', 'Plan\u202efdp');
    doc.getMap('people').set('ben', 'B\u200ben\u202e');
    doc.getMap('people').set('cem', '\u200b\u202e');
    doc.getArray('chat').push([{ i: '1', u: 'ben', n: 'Ana\u202e \u200b', t: 'hello', d: 1 }]);
    const board = createBoard({ doc, userId: 'ana' });
    expect(board.title).toBe('Planfdp');
    expect(board.nameOf('ben')).toBe('Ben');
    expect(board.nameOf('cem')).toBeNull();
    expect(openChat(board).messages()[0]).toMatchObject({ name: 'Ana ', text: 'hello' });
  });
});
