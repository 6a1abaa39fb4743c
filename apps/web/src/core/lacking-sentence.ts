/** Pictures and files of this person that the server lacks, in the words of the status. Pure. */
import type { Lacking, LackingCounts } from './lacking.ts';
import type { StatusSentence } from './status-sentence.ts';

type Count = 'waiting' | 'refused' | 'paused';

function counted(count: number, one: string): string[] {
  return count === 0 ? [] : [count === 1 ? `1 ${one}` : `${count} ${one}s`];
}

/** '1 picture', '2 pictures and 1 file'. */
function things({ pictures, files }: Lacking, ...of: Count[]): string {
  const sum = (counts: LackingCounts): number => of.reduce((total, count) => total + counts[count], 0);
  return [...counted(sum(pictures), 'picture'), ...counted(sum(files), 'file')].join(' and ');
}

const total = ({ pictures, files }: Lacking, count: Count): number => pictures[count] + files[count];
const all = (lacking: Lacking): number => total(lacking, 'waiting') + total(lacking, 'refused') + total(lacking, 'paused');

/** The explanation of the status, while the server lacks something. */
export function lackingLines(lacking: Lacking): string[] {
  if (all(lacking) === 0) return [];
  const lines: string[] = [];
  const add = (count: number, name: string, words: (them: string, has: string, they: string) => string): void => {
    const [them = ''] = counted(count, name);
    if (count > 0) lines.push(words(them, count === 1 ? 'has' : 'have', count === 1 ? 'it' : 'them'));
  };
  const { pictures, files } = lacking;
  add(pictures.waiting, 'picture', (them, has) => `${them} ${has} yet to reach the server: others see a frame until then.`);
  add(files.waiting, 'file', (them, has, they) => `${them} ${has} yet to reach the server: others can’t open ${they} until then.`);
  add(pictures.refused, 'picture', (them) => `The server did not take ${them}: others see only a frame.`);
  add(files.refused, 'file', (them, _, they) => `The server did not take ${them}: others can’t open ${they}.`);
  add(files.paused, 'file', (them) => `${them} ${files.paused === 1 ? 'is' : 'are'} paused: select the card and press Resume.`);
  const kept = `This device keeps ${all(lacking) === 1 ? 'it' : 'them'}.`;
  const what = files.isAtRisk ? 'file' : 'picture';
  return [...lines, isAtRisk(lacking) ? `This device could not keep every ${what}: keep this tab open.` : kept];
}

/** '2 pictures and 1 file wait on this device', for a board that is not open; '' when none do. */
export function lackingSentence(lacking: Lacking): string {
  const count = total(lacking, 'waiting') + total(lacking, 'paused');
  return count === 0 ? '' : `${things(lacking, 'waiting', 'paused')} ${count === 1 ? 'waits' : 'wait'} on this device`;
}

export function isAtRisk({ pictures, files }: Lacking): boolean {
  return pictures.isAtRisk || files.isAtRisk;
}

/** The status chip, while the server lacks something: a board is saved when its pictures and files are, too. */
export function withLacking(sentence: StatusSentence, lacking: Lacking): StatusSentence {
  if (all(lacking) === 0) return sentence;
  const [waiting, refused] = [total(lacking, 'waiting'), total(lacking, 'refused')];
  const notSaved = `${things(lacking, 'refused')} not saved`;
  const where = isAtRisk(lacking) ? 'only in this tab' : 'kept on this device';
  const lost = { tone: 'bad', icon: 'alert' } as const;
  if (sentence.icon === 'saved') {
    const saving = refused === 0 ? `Saving ${things(lacking, 'waiting')}` : `saving ${waiting} more`;
    const paused = total(lacking, 'paused') > 0 && `${things(lacking, 'paused')} paused`;
    const parts = [refused > 0 && notSaved, waiting > 0 && saving, paused, isAtRisk(lacking) && where];
    const text = parts.filter((part) => part !== false).join(', ');
    return {
      ...sentence,
      text,
      ...(refused > 0 || isAtRisk(lacking) ? lost : { tone: 'quiet', icon: waiting > 0 ? 'sending' : 'device' }),
    };
  }
  if (sentence.text !== 'Offline') return sentence;
  const kept = things(lacking, 'waiting', 'paused');
  const offline = kept === '' ? 'Offline' : `Offline: ${kept} ${where}`;
  return { ...sentence, text: refused === 0 ? offline : `${notSaved} · ${offline}`, ...((refused > 0 || isAtRisk(lacking)) && lost) };
}
