// `pnpm --filter @wetink/relay limits`: writes the limits table of SECURITY.md from src/limits/limit-rows.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { describeLimits } from '../dist/limits/limit-rows.js';

const file = new URL('../../../SECURITY.md', import.meta.url);
const [begin, end] = ['<!-- limits -->', '<!-- /limits -->'];
const text = readFileSync(file, 'utf8');
const [beginsAt, endsAt] = [text.indexOf(begin), text.indexOf(end)];
if (beginsAt === -1 || endsAt < beginsAt) throw new Error(`SECURITY.md has no ${begin} … ${end}`);
writeFileSync(file, `${text.slice(0, beginsAt + begin.length)}\n\n${describeLimits()}\n\n${text.slice(endsAt)}`);
