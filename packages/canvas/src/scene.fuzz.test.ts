import { it } from 'vitest';
import { seeded } from './fixtures/elements.ts';
import { sceneOf, stepping } from './fixtures/scene-of.ts';

it('[N1] a query finds the same elements in the same order as a full search, however much of the changes is indexed', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = seeded(seed);
    const { scene, apply, check, make, move, pick } = sceneOf(random() < 0.5 ? 40 : 3_000, seed);
    const now = stepping();
    check();
    for (let round = 0; round < 12; round++) {
      const many = (n: number): number => (random() < 0.3 ? n * 100 : n);
      const removed = pick(many(8));
      const changed = pick(many(8)).filter((element) => !removed.includes(element));
      apply({ added: Array.from({ length: many(6) }, () => make()), removed, changed: changed.map(move) });
      check();
      scene.work(random() * 4, now);
      check();
    }
    apply({ removed: [...pick(1e9)] });
    check();
  }
});
