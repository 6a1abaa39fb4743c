import { expect, it } from 'vitest';
import { createLocalBus } from './local-bus.ts';
import { busContract } from '../testing/bus-contract.ts';
import { virtualTime } from '../testing/virtual-time.ts';

busContract(
  'local',
  async () => {
    const bus = createLocalBus();
    const names = ['a', 'b', 'c'];
    return {
      nodes: [bus.node('a'), bus.node('b'), bus.node()],
      breakLink: (i) => bus.breakLink(names[i] ?? ''),
      healLink: (i) => bus.healLink(names[i] ?? ''),
      killNode: (i) => bus.kill(names[i] ?? ''),
      cleanup: () => Promise.resolve(),
    };
  },
  { quietMs: 20 },
);

it('[BUS12] a node whose link stays down is gone after a while, and back when its link is healed', async () => {
  const time = virtualTime();
  const bus = createLocalBus({ schedule: time.schedule, goneAfterMs: 6_000 });
  const gone: string[] = [];
  const ignore = { receive: () => undefined, restored: () => undefined, gone: (node: string) => void gone.push(node) };
  const room = bus.node('a').join('r', ignore);
  bus.node('b').join('r', ignore);
  bus.breakLink('b');
  await time.advance(5_000);
  expect(await room.peers()).toEqual(['b']);
  await time.advance(2_000);
  expect(gone).toEqual(['b']);
  expect(await room.peers()).toEqual([]);
  bus.healLink('b');
  expect(await room.peers()).toEqual(['b']);
});

it('[BUS7] a node name can be used only once', () => {
  const bus = createLocalBus();
  bus.node('a');
  for (const name of ['a', '', 'a b', 'x'.repeat(33)]) expect(() => bus.node(name)).toThrow(RangeError);
  expect(() => bus.breakLink('nobody')).toThrow(RangeError);
});
