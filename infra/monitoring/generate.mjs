// `pnpm --filter @wetink/infra generate`: writes the dashboard and the alert rules from the metric table.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { monitoringFiles } from './files.mjs';

for (const [name, text] of Object.entries(await monitoringFiles())) {
  const path = join(import.meta.dirname, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(path);
}
