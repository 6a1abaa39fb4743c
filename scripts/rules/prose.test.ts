import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowed, hasProse, stumblesOf } from './prose.mjs';

const root = join(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter(hasProse);

describe('plain English', () => {
  it('no file has a sentence of the patterns that make a reader stop', () => {
    const stumbles = files.flatMap((file) => stumblesOf(file, readFileSync(join(root, file), 'utf8')));
    expect(stumbles.filter((stumble) => !allowed.some((place) => stumble.startsWith(`${place}:`)))).toEqual([]);
  });

  it.each([
    ['// Who comes back keeps the id.', 1],
    ['/** Of the update, in bytes. */', 1],
    ['// It is sent again, but only so often.', 1],
    ['// The members are told.', 1],
    ['// The relay tells the members. Those who came later are not among them.', 0],
    ["it('whoever draws is seen by all', () => {});", 1],
    ['// A client that comes back keeps its id; it sends it this often.', 0],
    ['/** What a relay needs. */', 1],
    ['// What is it? A name.', 0],
    ['/** @param maxBytes Of one member. */', 1],
    ['/** @returns Bytes of one member. */', 0],
    ["const who = 'so many'; // A name", 0],
  ])('%s', (text, count) => expect(stumblesOf('a.ts', `${text}\n`)).toHaveLength(count));

  it('a comment of a test may open with What', () =>
    expect(stumblesOf('a.test.ts', '// What a browser throws for a script.\n')).toEqual([]));
});
