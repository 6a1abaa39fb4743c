import { describe, expect, it } from 'vitest';
import { MAX_CHAT_MESSAGES, MAX_NAME_LENGTH } from './limits.ts';
import { device, draw, syncAll, syncPair, Wall } from './testing/people.ts';

describe('chat', () => {
  it('[C1] messages sent at once on two devices all stay, each once, in the same order', () => {
    const wall = new Wall();
    const [ana, ben] = [device('ana', wall), device('ben', wall)];
    ana.board.chat.send(' hello ', 'Ana');
    syncAll(ana, ben);
    for (const at of [ana, ben]) for (let i = 0; i < 3; i++) at.board.chat.send(`${at.user} ${i}`, at.user);
    syncAll(ana, ben);
    syncAll(ana, ben);
    const messages = ana.board.chat.messages();
    expect(ben.board.chat.messages()).toEqual(messages);
    expect(messages[0]).toEqual({ id: `${ana.board.session}.0`, userId: 'ana', name: 'Ana', text: 'hello', at: wall.now });
    expect(new Set(messages.map((message) => message.id)).size).toBe(7);
    expect(messages.filter((message) => message.userId === 'ben').map((message) => message.text)).toEqual(['ben 0', 'ben 1', 'ben 2']);
  });

  it('[C1] malformed and repeated messages are skipped, and the list is the same array until a readable message arrives', () => {
    const ana = device('ana', new Wall());
    ana.board.chat.send('first', 'Ana');
    const before = ana.board.chat.messages();
    let told = 0;
    ana.board.chat.onChange(() => told++);
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
    expect(ana.board.chat.messages()).toBe(before);
    expect(told).toBe(0);
    chat.insert(0, [good]);
    expect(ana.board.chat.messages().map((message) => message.text)).toEqual(['yes', 'first']);
    chat.delete(0, 1);
    expect(ana.board.chat.messages().map((message) => message.text)).toEqual(['first']);
    expect(told).toBe(2);
  });

  it('[C1] a long conversation shows its newest messages', () => {
    const ana = device('ana', new Wall());
    const chat = ana.doc.getArray('chat');
    chat.push(Array.from({ length: MAX_CHAT_MESSAGES + 5 }, (_, i) => ({ i: String(i), u: '', n: '', t: 'x', d: i })));
    ana.board.chat.send('last', 'Ana');
    const messages = ana.board.chat.messages();
    expect(messages).toHaveLength(MAX_CHAT_MESSAGES);
    expect(messages.at(-1)?.text).toBe('last');
    expect(device('ben', new Wall(), { state: ana.state() }).board.chat.messages()).toEqual(messages);
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
    ana.board.chat.send('hi', 'Ana');
    expect(ana.board.canUndo).toBe(false);
    syncPair(ana, ben);
    expect([ben.board.title, ben.board.background, ben.board.nameOf('ana')]).toEqual(['Plan', '#101820', 'Ana']);
    expect(told).toBeGreaterThan(0);
    draw(ana);
    ana.board.undo();
    expect([ana.board.title, ana.board.chat.messages().length]).toEqual(['Plan', 1]);
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
});
