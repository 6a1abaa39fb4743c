import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { openChat } from './chat.ts';
import { withEdits } from './message-list.ts';
import { isEmoji, reactionKey, readReactionKey } from '../document/mark-record.ts';
import { editKey } from '../document/message-record.ts';
import { chatMessages } from '../posts.ts';
import { BoardError } from '../errors.ts';
import { MAX_CHAT_MESSAGES, MAX_DATE_MS, MAX_NAME_LENGTH, MAX_READ_MARKS } from '../limits.ts';
import { type Device, device, draw, syncAll, syncPair, Wall } from '../testing/people.ts';
import type { AttachedFile } from '../types.ts';

describe('chat', () => {
  it('[C1] messages sent at once on two devices all stay, each once, in the same order', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    ana.chat.send(' hello ', 'Ana');
    syncAll(ana, ben);
    for (const at of [ana, ben]) for (let i = 0; i < 3; i++) at.chat.send(`${at.user} ${i}`, at.user);
    syncAll(ana, ben);
    syncAll(ana, ben);
    const messages = ana.chat.messages();
    expect(ben.chat.messages()).toEqual(messages);
    expect(messages[0]).toEqual({
      id: `${ana.board.session}.0`,
      userId: 'ana',
      name: 'Ana',
      text: 'hello',
      file: null,
      about: null,
      at: wall.now,
      replyTo: null,
      view: null,
      mentions: [],
      editedAt: null,
      isDeleted: false,
    });
    expect(new Set(messages.map((message) => message.id)).size).toBe(7);
    expect(messages.filter((message) => message.userId === 'ben').map((message) => message.text)).toEqual(['ben 0', 'ben 1', 'ben 2']);
  });

  it('[C1] malformed and repeated messages are skipped, and the list is the same array until a readable message arrives', () => {
    const ana = device('ana', new Wall());
    ana.chat.send('first', 'Ana');
    const before = ana.chat.messages();
    let told = 0;
    ana.chat.onChange(() => told++);
    const good = { i: 'x.1', u: 'ben', n: 'Ben', t: 'yes', d: 5 };
    const chat = ana.doc.getArray('chat');
    chat.push([
      null,
      'text',
      { ...good, t: '' },
      { ...good, d: NaN },
      { ...good, d: 1e300 },
      { ...good, n: 'n'.repeat(81) },
      { ...good, i: before[0]?.id },
    ]);
    expect(ana.chat.messages()).toBe(before);
    expect(told).toBe(0);
    chat.insert(0, [good]);
    expect(ana.chat.messages().map((message) => message.text)).toEqual(['yes', 'first']);
    chat.delete(0, 1);
    expect(ana.chat.messages().map((message) => message.text)).toEqual(['first']);
    expect(told).toBe(2);
  });

  it('[C1] a long conversation shows its newest messages', () => {
    const ana = device('ana', new Wall());
    const chat = ana.doc.getArray('chat');
    chat.push(Array.from({ length: MAX_CHAT_MESSAGES + 5 }, (_, i) => ({ i: String(i), u: '', n: '', t: 'x', d: i })));
    ana.chat.send('last', 'Ana');
    const messages = ana.chat.messages();
    expect(messages).toHaveLength(MAX_CHAT_MESSAGES);
    expect(messages.at(-1)?.text).toBe('last');
    expect(device('ben', new Wall(), { state: ana.state() }).chat.messages()).toEqual(messages);
  });
});

describe('a file in the chat', () => {
  const plan: AttachedFile = { hash: 'ab'.repeat(32), type: 'application/pdf', bytes: 5_000, name: 'plan.pdf' };

  it('[AF4] a message carries a file to every reader, and a reader that knows no files has its name to show', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    ana.chat.send('', 'Ana', { file: plan });
    ana.chat.send('look', 'Ana', { file: { ...plan, name: '' } });
    ana.chat.send(' ', 'Ana', { file: { ...plan, name: '\u202e' } });
    syncPair(ana, ben);
    const seen = ben.chat.messages().map(({ text, file }) => [text, file?.name, file?.bytes]);
    expect(seen).toEqual([
      ['plan.pdf', 'plan.pdf', 5_000],
      ['look', '', 5_000],
      ['A file', '', 5_000],
    ]);
  });

  it('[AF4] a malformed file is refused when it is sent, and left out when it is read', () => {
    const ana = device('ana', new Wall());
    expect(() => ana.chat.send('x', 'Ana', { file: { ...plan, hash: 'no' } })).toThrow(BoardError);
    ana.doc.getArray('chat').push([{ i: 'x.1', u: 'ben', n: 'Ben', t: 'yes', d: 5, f: { sha: 'no', size: 3 } }]);
    expect(ana.chat.messages().map(({ text, file }) => [text, file])).toEqual([['yes', null]]);
  });
});

describe('details', () => {
  it('[C2] title, background, names and chat belong to no step, and undo leaves them', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    let told = 0;
    ben.board.onMeta(() => told++);
    ana.board.setTitle('  Plan  ');
    ana.board.setBackground('#101820');
    ana.board.setName('Ana');
    ana.chat.send('hi', 'Ana');
    expect(ana.board.canUndo).toBe(false);
    syncPair(ana, ben);
    expect([ben.board.title, ben.board.background, ben.board.nameOf('ana')]).toEqual(['Plan', '#101820', 'Ana']);
    expect(told).toBeGreaterThan(0);
    draw(ana);
    ana.board.undo();
    expect([ana.board.title, ana.chat.messages().length]).toEqual(['Plan', 1]);
    ana.outbox.length = 0;
    ana.board.setTitle('Plan');
    ana.board.setBackground('#101820');
    ana.board.setName('Ana');
    expect(ana.outbox).toEqual([]);
  });

  it('[C3] a name stays after its user left, and a user can write only their own name', () => {
    const wall = new Wall();
    const ana = device('ana', wall);
    ana.board.setName('n'.repeat(200));
    ana.board.close();
    const ben = device('ben', wall, { state: ana.state() });
    ben.board.setName('Ben');
    expect(ben.board.nameOf('ana')).toHaveLength(MAX_NAME_LENGTH);
    expect(ben.board.nameOf('ben')).toBe('Ben');
    expect(ben.board.nameOf('nobody')).toBeNull();
    expect(ben.board.nameOf('__proto__')).toBeNull();
  });

  it('[C6] a message about an element says so on every device, also when the element is gone, and a malformed one is about the board', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = draw(ana);
    ana.chat.send(' Warmer, please ', 'Ana', { about: id });
    ana.board.run((edit) => edit.remove([id]));
    syncPair(ana, ben);
    expect(ben.chat.messages()).toMatchObject([{ text: 'Warmer, please', about: id, userId: 'ana' }]);
    ana.chat.send('Hello', 'Ana');
    ben.doc.getArray('chat').push([{ i: 'x.1', u: 'ben', n: 'Ben', t: 'yes', d: 5, e: 'no id' }]);
    syncPair(ana, ben);
    expect(ana.chat.messages().map(({ about }) => about)).toEqual([id, null, null]);
  });
});

const texts = (at: Device): string[] => at.chat.messages().map(({ text }) => text);

describe('what an author makes of a message', () => {
  it('[C8] an edit shows on every device, and only its author can make one', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = ana.chat.send('helo', 'Ana', { mentions: ['ben'] });
    const other = ana.chat.send('stays', 'Ana');
    syncPair(ana, ben);
    const kept = ben.chat.find(other);
    let told = 0;
    ben.chat.onChange(() => told++);
    wall.pass(5);
    ana.chat.edit(id, ' hello ');
    syncPair(ana, ben);
    expect(ben.chat.find(id)).toMatchObject({ text: 'hello', editedAt: wall.now, at: wall.now - 5, mentions: [], isDeleted: false });
    expect(ben.chat.find(other)).toBe(kept);
    expect([told, chatMessages(ben.doc)]).toEqual([1, ben.chat.messages()]);
    expect(() => ben.chat.edit(id, 'no')).toThrow(expect.objectContaining({ code: 'NOT_YOURS' }) as Error);
    expect(() => ben.chat.remove(id)).toThrow(expect.objectContaining({ code: 'NOT_YOURS' }) as Error);
    expect(() => ana.chat.edit(id, ' ')).toThrow(expect.objectContaining({ code: 'BAD_TEXT' }) as Error);
    ben.doc.getMap('edits').set(editKey(id, 'ben'), { t: 'forged', d: 9 });
    expect(texts(ben)).toEqual(['hello', 'stays']);
  });

  it('[C8] an edit that changes nothing writes nothing, and one of a message that left the document is kept for its readers', () => {
    const ana = device('ana', new Wall());
    const id = ana.chat.send('hello', 'Ana');
    const shown = ana.chat.messages();
    ana.outbox.length = 0;
    ana.chat.edit(id, 'hello');
    expect(ana.outbox).toEqual([]);
    ana.doc.getArray('chat').delete(0, 1);
    ana.chat.edit(id, 'hello again');
    expect([texts(ana), withEdits(ana.doc, shown).map(({ text }) => text)]).toEqual([[], ['hello again']]);
    ana.chat.remove(id);
    expect(withEdits(ana.doc, shown)).toMatchObject([{ text: '', isDeleted: true }]);
  });

  it('[C9] a deleted message keeps its place without a word of it in the document, and readers of before show a sentence', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const file = { hash: 'ab'.repeat(32), type: '', bytes: 5, name: 'plan' };
    const id = ana.chat.send('s3cret', 'Ana', { file, view: { x: 1, y: 2, w: 3, h: 4 }, mentions: ['ben'] });
    ana.chat.send('after', 'Ana', { replyTo: id });
    ana.chat.edit(id, 's3cret too');
    syncPair(ana, ben);
    ben.chat.toggleReaction(id, '👍');
    syncPair(ana, ben);
    ana.chat.remove(id);
    syncPair(ana, ben);
    const empty = { text: '', file: null, view: null, mentions: [], isDeleted: true, userId: 'ana', name: 'Ana', at: wall.now };
    expect(ben.chat.messages()).toMatchObject([
      { id, ...empty },
      { text: 'after', replyTo: id },
    ]);
    expect(ben.chat.reactions(id)).toEqual([]);
    expect(ben.doc.getArray('chat').toJSON()).toMatchObject([{ t: 'Message deleted' }, { t: 'after' }]);
    for (const { doc } of [ana, ben]) expect(Buffer.from(Y.encodeStateAsUpdate(doc)).includes('s3cret')).toBe(false);
    ana.outbox.length = 0;
    ana.chat.remove(id);
    ana.chat.edit(id, 'back');
    expect(ana.outbox).toEqual([]);
  });

  it('[C9] deleted on one device and edited on another at once: it stays deleted, and the text leaves with the next write', () => {
    const wall = new Wall();
    // The higher client id wins an entry written at once.
    const [phone, laptop] = [device('ana', wall, { clientId: 1 }), device('ana', wall, { clientId: 2 })] as const;
    const id = phone.chat.send('one', 'Ana');
    syncPair(phone, laptop);
    phone.chat.remove(id);
    laptop.chat.edit(id, 's3cret');
    syncPair(phone, laptop);
    for (const at of [phone, laptop]) expect(at.chat.messages()).toMatchObject([{ text: '', isDeleted: true }]);
    laptop.chat.send('two', 'Ana');
    syncPair(phone, laptop);
    expect(Buffer.from(Y.encodeStateAsUpdate(phone.doc)).includes('s3cret')).toBe(false);
    expect(texts(phone)).toEqual(['', 'two']);
  });
});

describe('marks', () => {
  it('[C10] reactions given at once all stay, first to last, and taking one back leaves the others', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const id = ana.chat.send('hello', 'Ana');
    syncPair(ana, ben);
    ana.chat.toggleReaction(id, '🎉');
    wall.pass(1);
    ben.chat.toggleReaction(id, '❤️');
    ben.chat.toggleReaction(id, '🎉');
    syncPair(ana, ben);
    const both = [
      { emoji: '🎉', userIds: ['ana', 'ben'], count: 2 },
      { emoji: '❤️', userIds: ['ben'], count: 1 },
    ];
    for (const at of [ana, ben]) expect(at.chat.reactions(id)).toEqual(both);
    expect(ana.chat.reactions(id)).toBe(ana.chat.reactions(id));
    ben.chat.toggleReaction(id, '🎉');
    syncPair(ana, ben);
    expect(ana.chat.reactions(id).map(({ userIds }) => userIds)).toEqual([['ana'], ['ben']]);
    expect(() => ana.chat.toggleReaction(id, 'hi')).toThrow(BoardError);
  });

  it.each(['👍', '❤️', '👩‍👩‍👧‍👦', '👍🏽', '🇨🇭', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '3️⃣', '🏳️‍🌈'])('[C10] %s is an emoji', (emoji) => {
    expect(isEmoji(emoji)).toBe(true);
    const key = { messageId: 'a/%2F.1', emoji, userId: 'https://id.example/ana' };
    expect(readReactionKey(reactionKey(key))).toEqual(key);
  });

  it('[C10] keys of another shape are skipped, and hostile numbers of reactions are cut', () => {
    for (const text of ['', 'a', '3', '👍👍', '👍a', '\u202e', '👍'.repeat(40), 7]) expect(isEmoji(text)).toBe(false);
    const ana = device('ana', new Wall());
    const marks = ana.doc.getMap('marks');
    ana.doc.transact(() => {
      for (const key of ['react/x', 'react//👍/ana', 'react/x/👍/', 'react/x%/👍/ana', `react/x/👍/${'u'.repeat(201)}`]) marks.set(key, 1);
      marks.set('react/x/👍/ben', 'yes');
      for (let n = 0; n < 30; n++) marks.set(`react/x/${String.fromCodePoint(0x1f600 + n)}/ana`, n);
      for (let n = 0; n < 1_200; n++) marks.set(`react/x/😀/u${n}`, n);
    });
    const shown = ana.chat.reactions('x');
    expect(shown).toHaveLength(20);
    expect([shown[0]?.emoji, shown[0]?.count, shown[0]?.userIds.length]).toEqual(['😀', 1_201, 1_000]);
  });

  it('[C11] a read mark moves forward only, also when an older one of the same user arrives late', () => {
    const wall = new Wall();
    const [ana, ben, phone] = [device('ana', wall), device('ben', wall), device('ben', wall, { skewMs: 60_000 })] as const;
    const first = ana.chat.send('one', 'Ana');
    syncAll(ana, ben, phone);
    phone.chat.markRead();
    const second = ana.chat.send('two', 'Ana');
    syncAll(ana, ben, phone);
    expect(ana.chat.readMarks()).toEqual(new Map([['ben', { at: wall.now + 60_000, messageId: first }]]));
    ben.chat.markRead();
    ben.outbox.length = 0;
    ben.chat.markRead();
    ben.chat.send('mine', 'Ben');
    const [, ...more] = ben.outbox;
    ben.chat.markRead();
    expect(more).toEqual([]);
    expect(ben.outbox).toHaveLength(1);
    syncAll(ana, ben, phone);
    const mark = { at: wall.now + 60_001, messageId: second };
    expect(ana.chat.readMarks().get('ben')).toEqual(mark);
    ana.doc.getMap('marks').set('seen/ben', [5, first]);
    ana.doc.getMap('marks').set('seen/eve', [NaN, first]);
    expect(ana.chat.readMarks()).toEqual(new Map([['ben', mark]]));
  });

  it.each([
    ['a forged mark of mine with the last time there is', { 'seen/ben': [MAX_DATE_MS, 'no message'] }],
    ['a forged mark of mine with that time and a message that may come', { 'seen/ben': [MAX_DATE_MS, 'x.1'] }],
    ['10,000 forged marks of others', Object.fromEntries(Array.from({ length: MAX_READ_MARKS }, (_, n) => [`seen/u${n}`, [5, 'x.1']]))],
  ])('[C11] %s: I mark each message once, and my mark counts', (_, forged) => {
    const [doc, theirs] = [new Y.Doc(), new Y.Doc()];
    const there = theirs.getMap('marks');
    for (const [key, mark] of Object.entries(forged)) there.set(key, mark);
    const ana = openChat({ doc: theirs, userId: 'ana' });
    const first = ana.send('hello', 'Ana');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs));
    const ben = openChat({ doc, userId: 'ben' });
    let written = 0;
    doc.on('update', () => written++);
    for (let n = 0; n < 5; n++) ben.markRead();
    expect([written, ben.readMarks().get('ben')?.messageId]).toEqual([1, first]);
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc));
    const second = ana.send('and again', 'Ana');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs));
    written = 0;
    for (let n = 0; n < 5; n++) ben.markRead();
    expect([written, ben.readMarks().get('ben')?.messageId]).toEqual([1, second]);
    expect(ben.readMarks().size).toBeLessThanOrEqual(MAX_READ_MARKS + 1);
  });

  it('[C11] a mark that somebody keeps writing over mine makes no more of mine', () => {
    const doc = new Y.Doc();
    openChat({ doc, userId: 'ana' }).send('hello', 'Ana');
    const ben = openChat({ doc, userId: 'ben' });
    const written: unknown[] = [];
    const marks = doc.getMap('marks');
    marks.observe(() => written.push(marks.get('seen/ben')));
    for (let n = 1; n < 5; n++) {
      ben.markRead();
      marks.set('seen/ben', [MAX_DATE_MS, `other.${n}`]);
    }
    expect(written).toHaveLength(5);
  });
});

describe('what a message has beside its text', () => {
  it('[C12] an answer, a view and mentions reach every device, and malformed ones count as absent', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    const first = ana.chat.send('where?', 'Ana');
    const view = { x: -5, y: 2.5, w: 300, h: 200 };
    const many = Array.from({ length: 1_000 }, (_, n) => `u${n}`);
    ana.chat.send('@Ben here', 'Ana', { replyTo: first, view, mentions: ['ben', 'ben', ...many] });
    syncPair(ana, ben);
    const answer = ben.chat.messages()[1];
    expect(answer).toMatchObject({ replyTo: first, view });
    expect([answer?.mentions.length, answer?.mentions.slice(0, 2)]).toEqual([50, ['ben', 'u0']]);
    const good = { u: 'ben', n: 'Ben', t: 'yes', d: 5 };
    ana.doc.getArray('chat').push([
      { ...good, i: 'x.1', r: 'r'.repeat(65), v: [0, 0, -1, 1], m: 'ben' },
      { ...good, i: 'x.2', r: 7, v: [0, 0, NaN, 1], m: [...many, null] },
      { ...good, i: 'x.3', v: [0, 1e300, 1, 1], m: ['', 3, 'x'.repeat(201), 'ana'] },
    ]);
    const [one, two, three] = ana.chat.messages().slice(2);
    expect(one).toMatchObject({ replyTo: null, view: null, mentions: [] });
    expect(two).toMatchObject({ replyTo: null, view: null, mentions: many.slice(0, 50) });
    expect(three).toMatchObject({ view: null, mentions: ['ana'] });
    expect(() => ana.chat.send('x', 'Ana', { view: { ...view, w: 0 } })).toThrow(expect.objectContaining({ code: 'BAD_ELEMENT' }) as Error);
  });

  it('[C13] the 31st message within a minute is refused with the time to wait, on every device and after a reload', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)] as const;
    for (let n = 0; n < 30; n++) {
      ana.chat.send(`n${n}`, 'Ana');
      wall.pass(1_000);
    }
    syncPair(ana, ben);
    const phone = device('ana', wall, { state: ana.state() });
    ben.chat.send('I may', 'Ben');
    for (const { chat } of [ana, phone]) {
      expect(chat.waitMs()).toBe(30_000);
      expect(() => chat.send('n30', 'Ana')).toThrow(expect.objectContaining({ code: 'TOO_MANY_MESSAGES' }) as Error);
    }
    wall.pass(29_999);
    expect(ana.chat.waitMs()).toBe(1);
    wall.pass(1);
    ana.chat.send('n30', 'Ana');
    expect(ana.chat.waitMs()).toBe(1_000);
    // A clock that goes back must not silence anybody for longer than the window.
    wall.pass(-3_600_000);
    expect(ana.chat.waitMs()).toBe(0);
  });

  it('[C13] messages of a document that was given up are sent again with what they have, and uncounted', () => {
    const wall = new Wall();
    const [given, ana] = [device('ana', wall), device('ana', wall)] as const;
    for (let n = 0; n < 30; n++) ana.chat.send(`n${n}`, 'Ana');
    const parts = { view: { x: 0, y: 0, w: 1, h: 1 }, mentions: ['ben'], replyTo: 'x.1' };
    given.chat.send('again', 'Ana', parts);
    for (const message of given.chat.messages()) ana.chat.sendAgain(message, 'Ana');
    expect(ana.chat.messages().at(-1)).toMatchObject({ text: 'again', ...parts });
  });
});

describe('a conversation', () => {
  it('[C14] a document without a board holds a chat with the same rules, and only its roots', () => {
    const docs = [new Y.Doc(), new Y.Doc()] as const;
    const [ana, ben] = [openChat({ doc: docs[0], userId: 'ana', now: () => 5 }), openChat({ doc: docs[1], userId: 'ben' })] as const;
    const sync = (): void => {
      Y.applyUpdate(docs[1], Y.encodeStateAsUpdate(docs[0]));
      Y.applyUpdate(docs[0], Y.encodeStateAsUpdate(docs[1]));
    };
    let told = 0;
    ben.onChange(() => told++);
    const id = ana.send('hello', 'Ana');
    sync();
    ben.toggleReaction(id, '👋');
    ben.markRead();
    ana.edit(id, 'hello Ben');
    sync();
    expect(ben.messages()).toMatchObject([{ id, text: 'hello Ben' }]);
    expect([ana.reactions(id)[0]?.userIds, ana.readMarks().get('ben')?.messageId]).toEqual([['ben'], id]);
    expect(told).toBe(4);
    expect([...docs[1].share.keys()].sort()).toEqual(['chat', 'edits', 'marks', 'meta']);
    docs[0].getMap('meta').set('minReader', 99);
    expect(() => ana.send('x', 'Ana')).toThrow(expect.objectContaining({ code: 'TOO_NEW' }) as Error);
    ben.close();
    ben.close();
    expect(() => ben.send('x', 'Ben')).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
  });
});
