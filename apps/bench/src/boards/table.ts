/** Medians of the visits, and the Markdown table of the boards side by side. */

import { spreadOf } from '../figures.ts';
import type { Figures } from './acts.ts';
import { scenes, titleOf, type Scene } from './scenes.ts';
import type { Visit } from './visit.ts';

type Step = Figures | string;

interface Row {
  readonly label: string;
  readonly step: string;
  readonly keys: readonly string[];
  readonly digits: number;
}

const rows: readonly Row[] = [
  { label: 'first ink, ms', step: 'open', keys: ['firstInkMs'], digits: 0 },
  { label: 'the picture stands, ms', step: 'open', keys: ['finalMs'], digits: 0 },
  { label: 'usable, ms', step: 'open', keys: ['usableMs'], digits: 0 },
  { label: 'longest task while opening, ms', step: 'open', keys: ['longestTaskMs'], digits: 0 },
  {
    label: 'again, from the device: first ink, stands, usable, ms',
    step: 'device',
    keys: ['firstInkMs', 'finalMs', 'usableMs'],
    digits: 0,
  },
  { label: 'kB before the first paint, before ink, in all', step: 'open', keys: ['kbBeforePaint', 'kbBeforeInk', 'kbInAll'], digits: 0 },
  { label: 'memory of scripts, of the process, MB', step: 'memory', keys: ['heapMb', 'processMb'], digits: 0 },
  { label: 'pan: frame p50, p95, ms', step: 'pan', keys: ['frameP50', 'frameP95'], digits: 0 },
  { label: 'zoom: frame p50, p95, ms', step: 'zoom', keys: ['frameP50', 'frameP95'], digits: 0 },
  { label: 'pen to paint, p50, p95, ms', step: 'pen', keys: ['paintP50', 'paintP95'], digits: 0 },
  { label: 'select all, ms', step: 'drag', keys: ['selectMs'], digits: 0 },
  { label: 'drag of all: frame p50, p95, longest, ms', step: 'drag', keys: ['frameP50', 'frameP95', 'frameMax'], digits: 0 },
];

/** Not tried. */
const NOTHING = '–';

/** The median of each figure; when some round has none, its reason. */
export function medianOf(rounds: readonly (Step | undefined)[]): Step | undefined {
  const reason = rounds.find((step) => typeof step === 'string');
  if (reason !== undefined) return reason;
  const figures = rounds.filter((step): step is Figures => typeof step === 'object');
  const [first] = figures;
  if (first === undefined) return undefined;
  return Object.fromEntries(Object.keys(first).map((key) => [key, spreadOf(figures.map((round) => round[key] ?? NaN)).median]));
}

/** @param titles The boards by name, in the order of the columns. */
export function tableOf(titles: Readonly<Record<string, string>>, visits: readonly Visit[]): string {
  const boards = Object.keys(titles);
  const lines = [`| strokes | figure | ${Object.values(titles).join(' | ')} |`, `| ---: | --- |${' ---: |'.repeat(boards.length)}`];
  for (const scene of scenes) {
    const ofScene = visits.filter((visit) => visit.scene === scene.name);
    if (ofScene.length === 0) continue;
    for (const row of rowsOf(scene)) {
      const cells = boards.map((board) =>
        cellOf(
          row,
          ofScene.filter((visit) => visit.board === board),
        ),
      );
      if (cells.some((cell) => cell !== NOTHING)) lines.push(`| ${titleOf(scene)} | ${row.label} | ${cells.join(' | ')} |`);
    }
  }
  return lines.join('\n');
}

/** Code is the same for every scene. */
function rowsOf(scene: Scene): readonly Row[] {
  return rows.filter(({ keys }) => scene === scenes[0] || !keys.includes('kbInAll'));
}

function cellOf({ step, keys, digits }: Row, visits: readonly Visit[]): string {
  const result = medianOf(visits.map(({ steps }) => steps[step]));
  if (result === undefined) return NOTHING;
  if (typeof result === 'string') return result;
  return keys.map((key) => (result[key] ?? NaN).toLocaleString('en', { maximumFractionDigits: digits })).join(' / ');
}
