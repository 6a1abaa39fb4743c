// `npm test`: installs, builds, checks and runs every test; ends with one line `N passed, N failed`.
// A suite that dies without a report counts as a failure; tests that did not run are named and counted.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runChecks } from './check.mjs';
import { ensureServers } from './servers.mjs';
import { bin, build, install, root, run } from './tools.mjs';

const startedAt = Date.now();
await install();
const serverEnvironment = ensureServers();
await build('@wetink/relay-app', '@wetink/web');

const reports = join(root, '.cache', 'test');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const total = { passed: 0, failed: 0, skipped: 0 };
const minutes = [];
/** The failures, a paragraph each: printed again at the end, so that the last page of a long log names it. */
const failures = [];
/** Tests that failed and then passed, with their first failure, for the same place. */
const unsteady = [];

await timed('checks', async () => {
  const { passed, failed } = await runChecks();
  total.passed += passed;
  total.failed += failed.length;
  failures.push(...failed.map((name) => `checks > ${name}`));
});
for (const project of ['rules', 'unit', 'integration', 'fuzz', 'simulation', 'faults', 'e2e'])
  await timed(project, () => runProject(project));

const mongo = serverEnvironment.WETINK_TEST_MONGODB;
console.log(mongo === 'none' ? '\nNO MONGODB: its tests did not run' : `\nMongoDB tests ran on: ${mongo}`);
if (unsteady.length > 0) console.log(`\nUNSTEADY: passed only at the second try\n${unsteady.join('\n\n')}\n`);
if (failures.length > 0) console.log(`\nFAILED\n${failures.join('\n\n')}\n`);
console.log(`${minutes.join(', ')}; ${((Date.now() - startedAt) / 60_000).toFixed(1)} min in all`);
if (total.skipped > 0) console.log(`NOT RUN: ${total.skipped} tests (named above as skipped)`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || (process.env.CI === 'true' && total.skipped > 0) ? 1 : 0);

async function timed(name, action) {
  const from = Date.now();
  console.log(`\n== ${name}`);
  await action();
  minutes.push(`${name} ${((Date.now() - from) / 60_000).toFixed(1)} min`);
}

async function runProject(project) {
  const report = join(reports, `${project}.json`);
  const code = await run(
    bin('vitest'),
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    {
      env: { ...process.env, ...serverEnvironment },
    },
  );
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    failures.push(`${project}: no report (${error.message})`);
    total.failed += 1;
    return;
  }
  failures.push(...failuresOf(project, result));
  unsteady.push(...unsteadyOf(project, result));
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  total.skipped += result.numPendingTests + result.numTodoTests;
  // A file that fails to load, or an unhandled rejection, fails the run without failing a test.
  if (code !== 0 && result.numFailedTests === 0) {
    total.failed += Math.max(1, result.numFailedTestSuites);
    if (result.numFailedTestSuites === 0) failures.push(`${project}: ended with code ${code} though no test failed`);
  }
}

/** A paragraph for each failed test, and for each file that failed without one: its place, its name, its first lines. */
function failuresOf(project, result) {
  return result.testResults.flatMap((file) => {
    const path = relative(root, file.name);
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (file.status === 'failed' && failed.length === 0) return [`${project} > ${path}\n${firstLines(file.message)}`];
    return failed.map((test) => paragraphOf(project, path, test));
  });
}

/** The same for each test that passed after it had failed. */
function unsteadyOf(project, result) {
  return result.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'passed' && test.failureMessages.length > 0)
      .map((test) => paragraphOf(project, relative(root, file.name), test)),
  );
}

function paragraphOf(project, path, test) {
  return `${project} > ${path} > ${test.fullName}\n${firstLines(test.failureMessages.join('\n'))}`;
}

function firstLines(text) {
  return text
    .split('\n')
    .slice(0, 12)
    .map((line) => `    ${line}`)
    .join('\n');
}
