import type { AttachedFile } from '@wetink/board';
import { describe, expect, it } from 'vitest';
import { shareFiles } from './share-files.ts';

const given = [new File(['one'], 'one.txt'), new File(['two'], 'two.txt')];
const taken: AttachedFile[] = given.map(({ name, size, type }, i) => ({ hash: `${i}`.repeat(64), name, bytes: size, type }));

function bench({ isReadOnly = false, hasPart = true, problem = null as string | null } = {}) {
  const acts: string[] = [];
  const part = {
    add: (files: readonly File[]) => {
      acts.push(`kept ${files.length}`);
      return Promise.resolve({
        files: taken,
        release: () => {
          acts.push('released');
          return Promise.resolve();
        },
      });
    },
    wake: () => void acts.push('woken'),
  };
  const ports = {
    attachments: { get: () => Promise.resolve(hasPart ? part : null) },
    files: {
      whilePreparing: async <Result>(_: string | null, run: () => Promise<Result>) => {
        acts.push('preparing');
        const result = await run();
        acts.push('prepared');
        return result;
      },
    },
    chat: {
      sendFile: ({ name }: AttachedFile) => {
        acts.push(`sent ${name}`);
        return problem;
      },
    },
    room: { isReadOnly },
    toasts: { fail: (sentence: string) => acts.push(`failed: ${sentence}`) },
  };
  return { acts, share: () => shareFiles(given, ports) };
}

describe('files in the chat', () => {
  it('each file is kept on the device first, and is then a message of its own', async () => {
    const { acts, share } = bench();
    await share();
    expect(acts).toEqual(['preparing', 'kept 2', 'sent one.txt', 'sent two.txt', 'woken', 'prepared']);
  });

  it('for a person who may no longer write, the files are released with a sentence', async () => {
    const { acts, share } = bench({ isReadOnly: true });
    await share();
    expect(acts).toEqual(['preparing', 'kept 2', 'released', 'failed: The files were not sent: you can no longer write here.', 'prepared']);
  });

  it('a message that cannot be sent is a sentence, and the others are still sent', async () => {
    const { acts, share } = bench({ problem: 'too much' });
    await share();
    expect(acts.filter((act) => act.startsWith('failed'))).toEqual(['failed: too much', 'failed: too much']);
    expect(acts).toContain('woken');
  });

  it('nothing happens when the code for files cannot be fetched: a toast has said so', async () => {
    const { acts, share } = bench({ hasPart: false });
    await share();
    expect(acts).toEqual([]);
  });
});
