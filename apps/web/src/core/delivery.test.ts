import { expect, it } from 'vitest';
import { deliverySentence, UnsavedMessages, type Progress } from './delivery.ts';

const progress = (patch: Partial<Progress> = {}): Progress => ({ made: 0, settled: 0, waiting: 0, isOpen: true, hasAcks: true, ...patch });

function device() {
  const kept = new Map<string, unknown>();
  return {
    kept,
    isDurable: true,
    read: (key: string): unknown => kept.get(key) ?? null,
    write: (key: string, value: unknown): void => void kept.set(key, value),
    remove: (key: string): void => void kept.delete(key),
  };
}

it('a message is saved once the server has confirmed the change that it is part of, and not before', () => {
  const unsaved = new UnsavedMessages(device(), 'k');
  unsaved.sent('a', progress({ made: 3, settled: 3 }));
  expect(unsaved.settle(progress({ made: 4, settled: 3, waiting: 1 }))).toBe(false);
  expect(unsaved.stateOf('a', progress())).toBe('sending');
  expect(unsaved.stateOf('a', progress({ isOpen: false }))).toBe('waiting');
  unsaved.sent('b', progress({ made: 4, settled: 3, waiting: 1 }));
  expect(unsaved.settle(progress({ made: 5, settled: 4, waiting: 1 }))).toBe(true);
  expect([unsaved.stateOf('a', progress()), unsaved.stateOf('b', progress())]).toEqual(['saved', 'sending']);
  expect(unsaved.stateOf('a', progress({ hasAcks: false }))).toBe('sent');
});

it('after a reload a message that was not confirmed still waits, until nothing of this browser does', () => {
  const facts = device();
  new UnsavedMessages(facts, 'k').sent('a', progress());
  const reloaded = new UnsavedMessages(facts, 'k');
  expect(reloaded.settle(progress({ waiting: null }))).toBe(false);
  expect(reloaded.settle(progress({ settled: 9, waiting: 1 }))).toBe(false);
  expect(reloaded.stateOf('a', progress({ isOpen: false }))).toBe('waiting');
  expect(reloaded.settle(progress({ waiting: 0 }))).toBe(true);
  expect([reloaded.stateOf('a', progress()), facts.kept.size]).toEqual(['saved', 0]);
});

it('two tabs that send at once keep both messages on the device, and each tab removes its own', () => {
  const facts = device();
  const [one, two] = [new UnsavedMessages(facts, 'k'), new UnsavedMessages(facts, 'k')];
  one.sent('a', progress());
  two.sent('b', progress());
  expect(facts.kept.get('k')).toEqual(['a', 'b']);
  one.settle(progress({ made: 1, settled: 1, waiting: 1 }));
  expect(facts.kept.get('k')).toEqual(['b']);
  const reloaded = new UnsavedMessages(facts, 'k');
  expect([reloaded.stateOf('a', progress()), reloaded.stateOf('b', progress())]).toEqual(['saved', 'sending']);
});

it('a message of another tab is sent here too, also before its change has come, until that tab or the server says otherwise', () => {
  const facts = device();
  const [writer, reader] = [new UnsavedMessages(facts, 'k'), new UnsavedMessages(facts, 'k')];
  writer.sent('a', progress());
  expect([reader.follow({ key: 'other' }), reader.follow({ key: 'k' }), reader.follow({ key: 'k' })]).toEqual([false, true, false]);
  expect(reader.settle(progress({ waiting: 0 }))).toBe(false);
  expect([reader.stateOf('a', progress()), facts.kept.get('k')]).toEqual(['sending', ['a']]);
  writer.settle(progress({ settled: 1 }));
  expect([reader.follow({ key: 'k' }), reader.stateOf('a', progress())]).toEqual([true, 'saved']);
  writer.sent('b', progress({ made: 1 }));
  reader.follow(null);
  expect(reader.settle(progress({ waiting: 1 }))).toBe(false);
  expect([reader.settle(progress({ waiting: 0 })), reader.stateOf('b', progress())]).toEqual([true, 'saved']);
});

it('a refused message is never called saved, unless the server sends it', () => {
  const facts = device();
  const unsaved = new UnsavedMessages(facts, 'k');
  unsaved.sent('a', progress());
  unsaved.sent('b', progress({ made: 1 }));
  unsaved.settle(progress({ settled: 1, waiting: 1 }));
  unsaved.refuse();
  unsaved.settle(progress({ settled: 2, waiting: 0 }));
  const states = (): unknown[] => ['a', 'b'].map((id) => unsaved.stateOf(id, progress()));
  expect([states(), facts.kept.size]).toEqual([['saved', 'refused'], 0]);
  unsaved.arrived((id) => id === 'b');
  expect(states()).toEqual(['saved', 'saved']);
});

it.each([
  ['saved', 0, [], 'Saved'],
  ['saved', 1, ['Ben'], 'Seen by Ben'],
  ['saved', 2, ['Ben', 'Cy'], 'Seen by Ben and Cy'],
  ['saved', 5, ['A', 'B', 'C'], 'Seen by A, B, C and 2 more'],
  ['waiting', 1, ['Ben'], 'Waiting'],
  ['refused', 1, ['Ben'], 'Not sent'],
  ['sent', 0, [], 'Sent'],
] as const)('%s, seen by %d, %j: %s', (delivery, count, names, sentence) => {
  expect(deliverySentence(delivery, { count, names })).toBe(sentence);
});
