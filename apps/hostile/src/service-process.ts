/** Runs a whole service in its own process: `ours`, as `wetink-relay` starts it, or `reference`, by the first argument. */

if (process.argv[2] === 'ours') {
  const { run } = await import('../../relay/src/main.ts');
  process.exitCode = await run({ argv: process.argv.slice(3), env: process.env });
} else {
  const { startReferenceService } = await import('./reference-service.ts');
  startReferenceService(process.env);
}
