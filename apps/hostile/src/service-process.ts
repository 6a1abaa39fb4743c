/** A whole service in a process of its own: `ours`, as `wetink-relay` starts it, or `reference`, as the first argument says. */

if (process.argv[2] === 'ours') {
  const { run } = await import('../../relay/src/main.ts');
  process.exitCode = await run({ argv: process.argv.slice(3), env: process.env });
} else {
  const { startReferenceService } = await import('./reference-service.ts');
  startReferenceService(process.env);
}
