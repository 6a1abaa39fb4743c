/** Pictures and files of this person that the server lacks, in the words of the status. Pure. */
import * as m from '$words/lacking-sentence';
import * as status from '$words/status-sentence';
import type { Lacking, LackingCounts } from './lacking.ts';
import { joinNames, listed } from './sentences.ts';
import type { StatusSentence } from './status-sentence.ts';

type Count = 'waiting' | 'refused' | 'paused';

/** '1 picture', '2 pictures and 1 file'. */
function things({ pictures, files }: Lacking, ...of: Count[]): string {
  const sum = (counts: LackingCounts): number => of.reduce((total, count) => total + counts[count], 0);
  const [shown, carried] = [sum(pictures), sum(files)];
  return joinNames([...(shown > 0 ? [m.pictures({ count: shown })] : []), ...(carried > 0 ? [m.files({ count: carried })] : [])]);
}

const total = ({ pictures, files }: Lacking, count: Count): number => pictures[count] + files[count];
const all = (lacking: Lacking): number => total(lacking, 'waiting') + total(lacking, 'refused') + total(lacking, 'paused');

/** The explanation of the status, while the server lacks something. */
export function lackingLines(lacking: Lacking): string[] {
  if (all(lacking) === 0) return [];
  const { pictures, files } = lacking;
  const lines: readonly (readonly [count: number, line: (i: { count: number }) => string])[] = [
    [pictures.waiting, m.picturesWaiting],
    [files.waiting, m.filesWaiting],
    [pictures.refused, m.picturesRefused],
    [files.refused, m.filesRefused],
    [files.paused, m.filesPaused],
  ];
  const atRisk = files.isAtRisk ? m.fileAtRisk : m.pictureAtRisk;
  return [
    ...lines.filter(([count]) => count > 0).map(([count, line]) => line({ count })),
    isAtRisk(lacking) ? atRisk() : m.kept({ count: all(lacking) }),
  ];
}

/** '2 pictures and 1 file wait on this device', for a board that is not open; '' when none do. */
export function lackingSentence(lacking: Lacking): string {
  const count = total(lacking, 'waiting') + total(lacking, 'paused');
  return count === 0 ? '' : m.wait({ things: things(lacking, 'waiting', 'paused'), count });
}

export function isAtRisk({ pictures, files }: Lacking): boolean {
  return pictures.isAtRisk || files.isAtRisk;
}

/** The status chip, while the server lacks something: a board is saved when its pictures and files are, too. */
export function withLacking(sentence: StatusSentence, lacking: Lacking): StatusSentence {
  if (all(lacking) === 0) return sentence;
  const [waiting, refused] = [total(lacking, 'waiting'), total(lacking, 'refused')];
  const notSaved = m.notSaved({ things: things(lacking, 'refused') });
  const lost = { tone: 'bad', icon: 'alert' } as const;
  if (sentence.icon === 'saved') {
    const saving = refused === 0 ? m.saving({ things: things(lacking, 'waiting') }) : m.savingMore({ count: waiting });
    const paused = total(lacking, 'paused') > 0 && m.paused({ things: things(lacking, 'paused') });
    const parts = [refused > 0 && notSaved, waiting > 0 && saving, paused, isAtRisk(lacking) && m.onlyInTab()];
    const text = listed(parts.filter((part) => part !== false));
    return {
      ...sentence,
      text,
      ...(refused > 0 || isAtRisk(lacking) ? lost : { tone: 'quiet', icon: waiting > 0 ? 'sending' : 'device' }),
    };
  }
  if (sentence.text !== status.offline()) return sentence;
  const kept = things(lacking, 'waiting', 'paused');
  const waits = isAtRisk(lacking) ? m.offlineInTab : m.offlineKept;
  const offline = kept === '' ? status.offline() : waits({ things: kept });
  return { ...sentence, text: refused === 0 ? offline : `${notSaved} · ${offline}`, ...((refused > 0 || isAtRisk(lacking)) && lost) };
}
