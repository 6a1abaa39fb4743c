// Components of the app see state modules only, and keep the rules of all sources: lint refuses what it should, and nothing else.
import { ESLint, Linter } from 'eslint';
import { expect, it } from 'vitest';

const component = 'apps/web/src/features/board/Title.svelte';
const { rules } = (await new ESLint().calculateConfigForFile(component)) as { rules: Linter.RulesRecord };

/** Counts messages of the two rules alone: they need neither types nor the Svelte parser. */
function complaints(code: string): number {
  const { 'no-restricted-imports': imports, 'no-restricted-syntax': syntax } = rules;
  if (imports === undefined || syntax === undefined) throw new RangeError(`no such rules for ${component}`);
  return new Linter().verify(code, { rules: { 'no-restricted-imports': imports, 'no-restricted-syntax': syntax } }).length;
}

it.each([
  "import { openSession } from '../../session/board-session.ts';",
  "import { getSession } from '../../state/open-session.ts';",
  "import { createDoor } from './session/door.ts';",
  "import { Account } from '../account/account.ts';",
  "import * as Y from 'yjs';",
  "import { openRoom } from '@wetink/sync';",
  "import { errors } from '@wetink/sync/failures';",
  "import('../../session/board-file.ts');",
  "export * from '../../session/board-session.ts';",
  "import { test } from 'vitest';",
  'move(id, true);',
])('a component may not contain %s', (code) => expect(complaints(code)).toBe(1));

it.each([
  "import { getBoardContext } from '../../state/board-context.ts';",
  "import { AccountState } from '../../state/account.svelte.ts';",
  "import { openBoard } from '../../state/open-board.svelte.ts';",
  "import { whenIdle } from '../../browser/timers.ts';",
  "import { statusLines } from '../../core/status-lines.ts';",
  "import Modal from '../../ui/Modal.svelte';",
  "import { resolveColor } from '@wetink/board';",
  "import('../share/ShareDialog.svelte');",
  'lock({ isLocked: true });',
])('a component may contain %s', (code) => expect(complaints(code)).toBe(0));
