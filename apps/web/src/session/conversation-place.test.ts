import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { ConversationInfo } from '../core/conversation-info.ts';
import { openConversationPlace } from './conversation-place.ts';

const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map((id) => ({ id, name: id })) as [Person, Person, Person];

interface Person {
  id: string;
  name: string;
}

/** Ana's place in a conversation with Ben, over a room whose presence the test writes. */
function setup() {
  const states = new Map<number, object>();
  const awareness = {
    clientID: 1,
    getStates: () => states,
    setLocalState: (state: object) => void states.set(1, state),
    on: () => undefined,
    off: () => undefined,
  };
  const me = { id: 'ana', name: 'Ana' };
  const room = { doc: new Y.Doc(), awareness, onReplaced: () => () => undefined, close: () => Promise.resolve() };
  const conversation = { id: 'r'.repeat(22), isDirect: false, people: [ana, ben], at: 1 } as unknown as ConversationInfo;
  const place = openConversationPlace({
    conversation,
    me,
    relayUrl: 'ws://relay',
    getToken: () => Promise.resolve('token'),
    open: () => room as never,
  });
  return { place, states, me };
}

it('a person whom this device does not know, and a page that knows of more people or fewer, are signs of a change', () => {
  const { place, states } = setup();
  expect(place.strangers()).toBe('');
  states.set(2, { user: ben, people: 2 });
  states.set(3, { user: ana, people: 2 });
  // An older page says nothing of how many there are.
  states.set(4, { user: ben });
  expect(place.strangers()).toBe('');
  states.set(2, { user: ben, people: 3 });
  expect(place.strangers()).toBe('2 3');
  states.set(5, { user: cleo, people: 3 });
  expect(place.strangers()).toBe('2 3\n5 cleo');
  place.setPeople([ana, ben, cleo]);
  expect([place.strangers().split('\n'), place.nameOf('cleo')]).toEqual([['3 2'], 'cleo']);
  // The others learn of it by the number.
  expect(states.get(1)).toMatchObject({ people: 3 });
  for (const state of [{}, { user: null }, { user: { id: 7 } }, { user: 'ben', people: '9' }]) {
    states.clear();
    states.set(9, state);
    expect(place.strangers()).toBe('');
  }
});

it('a name that the person takes meanwhile is the one that the others see', () => {
  const { place, states, me } = setup();
  me.name = 'Anna';
  place.announce({ isTyping: true });
  expect(states.get(1)).toEqual({ user: { id: 'ana', name: 'Anna' }, isTyping: true, people: 2 });
});
