// Lint as errors. The arrows between packages come from scripts/rules/arrows.mjs.
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { arrows, workspacePackages } from './scripts/rules/arrows.mjs';

const tests = ['**/*.test.ts', '**/*.bench.ts', '**/src/testing/**', '**/src/fixtures/**', 'apps/e2e/**', 'apps/bench/**'];

/** Vitest exports one function under two names. */
const oneWordForATest = {
  selector: "ImportDeclaration[source.value='vitest'] > ImportSpecifier[imported.name='test']",
  message: 'Import `it`: all tests here are written with it.',
};

/**
 * `move(id, true)` says nothing: an options object, two functions or a union do. A boolean may be a call's only argument,
 * the value that a setter or `write` writes, and what the platform, Svelte's MediaQuery or lmdb's `backup` ask for.
 */
const noBooleanAmongArguments = {
  selector:
    ':matches(CallExpression, NewExpression)[arguments.length>1]' +
    ":not([callee.property.name=/^(set[A-Z]|get(Ui|I)nt|getBig|(write|backup)$)/]):not([callee.name='MediaQuery']) > Literal[raw=/^(true|false)$/]",
  message:
    'Pass an options object instead of a boolean among other arguments, or make two functions. Only setters (`setLocked(id, isLocked)`) may keep it.',
};

/** A folder's source files may not import a workspace package that its arrow does not name. */
const arrowRules = Object.entries(arrows).map(([folder, { workspace }]) => ({
  files: [`${folder}/src/**/*.{ts,svelte}`],
  ignores: tests,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: workspacePackages
          .filter((name) => !workspace.includes(name))
          .map((name) => ({
            group: [`@wetink/${name}`, `@wetink/${name}/*`],
            message: `${folder} may not import @wetink/${name}: see ARCHITECTURE.md, layers.`,
          })),
      },
    ],
  },
}));

/** Modules that components may not see: the open board's session, the way to it, and the account. */
const sessionPath = '^\\.{1,2}/(.*/)?((session|account)/|open-session\\.ts$)';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.turbo/**', '.cache/**', 'data/**', 'apps/web/dev-dist/**'] },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.svelte'] })],
      'import-x/ignore': ['node_modules'],
    },
    rules: {
      'no-useless-backreference': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `import type {…}` when an import is all types, an inline `type` among values, one import of each module.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      '@typescript-eslint/ban-ts-comment': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'max-lines': ['error', { max: 700 }],
      'no-restricted-syntax': ['error', oneWordForATest],
      'no-empty': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-var': 'error',
    },
  },
  {
    files: ['{apps,packages}/*/src/**/*.{ts,svelte}', 'infra/**/*.ts'],
    ignores: tests,
    rules: {
      'max-lines-per-function': ['error', { max: 80 }],
      'no-restricted-syntax': ['error', oneWordForATest, noBooleanAmongArguments],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: tests,
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Packages take what they need as parameters; only apps read the environment.' },
      ],
    },
  },
  ...arrowRules,
  ...svelte.configs['flat/base'],
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser, projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: { 'svelte/no-at-html-tags': 'error', 'svelte/no-target-blank': 'error' },
  },
  {
    files: ['apps/web/src/**/*.svelte', 'apps/web/src/{features,ui}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['yjs', 'lib0', 'lib0/*', '@wetink/sync', '@wetink/sync/*', '@wetink/relay', '@wetink/storage', '@wetink/protocol'],
              message: 'Components read state modules (src/state/*.svelte.ts), the only place where runes meet the core.',
            },
            {
              regex: sessionPath,
              message: 'Components read state modules (src/state): they never see the session of the open board, nor its account.',
            },
          ],
        },
      ],
      // A later list replaces an earlier one.
      'no-restricted-syntax': [
        'error',
        oneWordForATest,
        noBooleanAmongArguments,
        {
          selector: `ImportExpression[source.value=/${sessionPath.replaceAll('/', '\\/')}/]`,
          message: 'Components read state modules (src/state): a state module fetches this.',
        },
      ],
    },
  },
  { files: ['**/*.mjs', 'eslint.config.js'], languageOptions: { globals: globals.node } },
);
