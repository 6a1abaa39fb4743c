import { defineConfig } from 'vitest/config';
import { runeModules } from './apps/web/rune-modules.ts';
import { words } from './apps/web/words.ts';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Packages are tested from their sources: the condition below picks `src` over `dist` in every exports map. */
const conditions = ['@wetink/source', 'node', 'import', 'module', 'default'];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: ['@wetink/source'] } };

/** Files that take a minute or more begin first, so that no worker is left alone with one at the end. */
export const slowest = [
  'apps/sim/src/seeds-1-to-250.test.ts',
  'apps/sim/src/seeds-251-to-500.test.ts',
  'packages/storage/src/mongodb.mongo.test.ts',
  'packages/board/src/undo/laws.fuzz.test.ts',
  'packages/protocol/src/decoders.fuzz.test.ts',
  'apps/hostile/src/rows.test.ts',
];
const isSlow = ({ moduleId }: TestSpecification): boolean => slowest.some((file) => moduleId.endsWith(file));

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      { test: { name: 'rules', include: ['scripts/rules/*.test.ts'] } },
      {
        resolve,
        ssr,
        plugins: [runeModules(), words()],
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/{relay,web,bench,faults}/src/**/*.test.ts', 'infra/**/*.test.ts'],
          exclude: ['**/*.{faults,fuzz,integration,mongo,redis,simulation}.test.ts', '**/node_modules/**', '**/dist/**'],
          setupFiles: ['scripts/rules/no-ports.ts'],
          testTimeout: 60_000,
          // Files share the modules of their worker, which halves the time: a test restores whatever it replaced, and a
          // test that needs `vi.mock` is a fuzz or fault test.
          isolate: false,
          // Vitest would leave one core idle, half of a small machine.
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        plugins: [words()],
        test: {
          // Relays, stores and clients in one process, over real sockets.
          name: 'integration',
          include: ['{packages,apps}/*/src/**/*.integration.test.ts', 'infra/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
          // As for unit tests.
          isolate: false,
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        plugins: [words()],
        test: {
          // Random cases, each run as many as it takes to find what the laws forbid (a seed repeats one), or every case there is.
          name: 'fuzz',
          include: ['{packages,apps}/*/src/**/*.fuzz.test.ts'],
          testTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        plugins: [words()],
        test: {
          // Clients, relays and stores in one process on a seeded clock; attacks on a relay, and on one without guards.
          name: 'simulation',
          include: ['apps/{sim,hostile}/src/**/*.test.ts', '{packages,apps}/*/src/**/*.simulation.test.ts'],
          testTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        plugins: [words()],
        test: {
          name: 'faults',
          // Real processes that are killed, sockets that stall or lose changes, and real servers: MongoDB, Redis.
          include: ['{packages,apps}/*/src/**/*.{faults,mongo,redis}.test.ts', 'infra/**/*.faults.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          // Most of these wait for processes; each has ports and folders of its own.
          maxWorkers: 2,
        },
      },
      {
        resolve,
        ssr,
        plugins: [words()],
        test: {
          name: 'e2e',
          include: ['apps/e2e/src/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each file has a relay and a browser of its own. Three at a time are no faster on two cores, and run into timeouts.
          maxWorkers: 2,
          // A busy machine takes more than the second that is the default until a page shows what a press did.
          expect: { poll: { timeout: 5_000 } },
          // A browser on a busy machine loses a race now and then. `npm test` names what passed only the second time.
          retry: 1,
        },
      },
    ],
  },
});
