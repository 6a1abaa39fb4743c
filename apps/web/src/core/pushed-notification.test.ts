import { describe, expect, it } from 'vitest';
import { pressOf, readPress, readPush } from './pushed-notification.ts';

const payload = (more: object = {}): string =>
  JSON.stringify({ id: 'n1', kind: 'mention', from: 'Ben', room: 'r', title: 'Plans', message: 'm', text: 'look', link: '', ...more });

describe('a pushed notification', () => {
  it('reads as in the bell, and has the id by which a press finds it', () => {
    expect(readPush(payload())).toEqual({
      title: 'Ben mentioned you · Plans',
      body: 'look',
      tag: 'n1',
      data: { type: 'wetink-notification', id: 'n1', link: '' },
    });
    expect(readPush(payload({ kind: 'invitation', text: 'invited you to draw' }))).toMatchObject({
      title: 'Ben invited you to draw · Plans',
      body: '',
    });
    expect(readPush(payload({ kind: 'custom', from: '', title: 'Maintenance', text: 'at ten' }))).toMatchObject({ title: 'Maintenance' });
  });

  it('one that cannot be read, or says nothing, is shown all the same: a browser that shows none loses its pushes', () => {
    for (const text of ['', 'no JSON', 'null', '[]', '{"kind":7,"from":{},"title":[],"id":null}'])
      expect(readPush(text), text).toMatchObject({ title: 'A new notification', body: '', tag: 'wetink' });
  });

  it('a press opens nothing but https: a path is for a page of the app, and other schemes are left out', () => {
    expect(readPush(payload({ link: 'https://example.org/a' })).data.link).toBe('https://example.org/a');
    for (const link of ['/b/x', 'javascript:alert(1)', 'data:text/html,x', 'http:/\\x', 'blob:https://example.org/1'])
      expect(readPush(payload({ link })).data.link, link).toBe('');
  });

  it('texts of any length are cut', () => {
    const { title, body } = readPush(payload({ from: 'x'.repeat(10_000), text: '🙂'.repeat(10_000) }));
    expect([title.length < 1_000, [...body].length]).toEqual([true, 300]);
  });
});

describe('a press', () => {
  it('data of another form, as another version may have left in the system, leads to the app itself', () => {
    for (const data of [null, undefined, 'x', {}, { type: 'other', id: 'a', link: '' }, { type: 'wetink-notification', id: 1, link: '' }])
      expect(readPress(data)).toEqual(pressOf({ id: '', link: '' }));
    expect(readPress(pressOf({ id: 'n1', link: '' }))).toEqual({ type: 'wetink-notification', id: 'n1', link: '' });
    expect(readPress({ type: 'wetink-notification', id: 'n1', link: 'javascript:alert(1)' }).link).toBe('');
  });
});
