/**
 * The chart of the README: six figures as bars, one panel each, in an SVG that follows the reader's light or dark mode.
 *
 * Bars begin at zero and share no scale: panels differ in units. A server without a figure has no bar.
 */

import type { Server, ServerName } from '../servers/server.ts';
import type { Run } from './markdown.ts';
import { format, type Row, type Table } from './table.ts';

interface Panel {
  scenario: string;
  column: string;
  title: string;
  /** Unit, and which way is better. */
  note: string;
}

const panels: readonly Panel[] = [
  { scenario: 'writers-50', column: 'cpu', title: '50 people draw in one room', note: 'seconds of CPU in 15 s, less is better' },
  { scenario: 'writers-100', column: 'delivered', title: '100 people draw in one room', note: 'changes delivered a second, of 198,000' },
  { scenario: 'cursors-200', column: 'p99', title: '200 cursors in one room', note: 'age of the newest cursor, p99 in ms, less is better' },
  { scenario: 'reconnect', column: 'ms', title: '2,000 people reconnect at once', note: 'ms until all are synced, less is better' },
  { scenario: 'joiners-200', column: 'cpu', title: '200 people open a board of 10,000 strokes', note: 'seconds of CPU, less is better' },
  { scenario: 'idle', column: 'kilobytes', title: '10,000 people only look', note: 'kB of memory for each, less is better' },
];

const names: Record<ServerName, string> = {
  wetink: 'Wetink',
  'y-websocket': 'y-websocket',
  hocuspocus: 'Hocuspocus',
  'socket.io': 'socket.io board',
  ceiling: 'without Yjs work',
};

const PANEL = { width: 380, head: 44, row: 22, gap: 28 };
const MARGIN = 24;
const LABEL_WIDTH = 112;
const VALUE_WIDTH = 60;
const BAR_HEIGHT = 10;

/** The app's colours for paper, ink and accent, as hex: not every viewer of SVG knows oklch. */
const STYLE = `
    svg { --paper: #fcfaf6; --ink: #151b24; --muted: #5d646f; --line: #dadee5; --bar: #b8bec8; --own: #3967df }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #111418; --ink: #eceff2; --muted: #9fa5ae; --line: #32363c; --bar: #50565e; --own: #76a1ff }
    }
    text { font: 12px/16px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink); font-variant-numeric: tabular-nums }
    .title { font-size: 14px; font-weight: 600 }
    .muted { fill: var(--muted) }
    .own { font-weight: 600 }
    .paper { fill: var(--paper); stroke: var(--line) }
    .bar { fill: var(--bar) }
    .bar.own { fill: var(--own) }
    .bar.ceiling { fill: none; stroke: var(--bar); stroke-dasharray: 3 2 }`;

export function chartOf(run: Run, servers: readonly Server[], tables: readonly Table[]): string {
  const height = PANEL.head + servers.length * PANEL.row + PANEL.gap;
  const drawn = panels.flatMap((panel) => {
    const table = tables.find(({ scenario }) => scenario === panel.scenario);
    return table === undefined ? [] : [{ panel, table }];
  });
  const parts = drawn.map(({ panel, table }, i) => {
    const x = MARGIN + (i % 2) * (PANEL.width + MARGIN);
    return `<g transform="translate(${x} ${MARGIN + Math.floor(i / 2) * height})">\n${panelOf(panel, table)}\n</g>`;
  });
  const width = MARGIN * 3 + PANEL.width * 2;
  const bottom = MARGIN + Math.ceil(drawn.length / 2) * height;
  const { machine, date } = run;
  const foot = [
    'Wetink saves every change to disk; the others keep everything in memory.',
    'Dashed: raw WebSockets without Yjs work, one write for each receiver every 10 ms.',
    `${date.slice(0, 10)}, one core for the server (${machine.cpu}), Node ${machine.node}, medians of ${run.rounds} ${run.rounds === 1 ? 'round' : 'rounds'}. Repeat with npm run bench.`,
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 58}" width="${width}" height="${bottom + 58}" role="img" aria-label="Wetink beside other servers">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" x=".5" y=".5" width="${width - 1}" height="${bottom + 57}" rx="12"/>`,
    ...parts,
    ...foot.map((words, i) => text(MARGIN, bottom + 6 + i * 18, words, 'muted')),
    '</svg>\n',
  ].join('\n');
}

function panelOf({ column, title, note }: Panel, { rows, columns }: Table): string {
  const { digits = 0 } = columns.find(({ key }) => key === column) ?? {};
  const values = rows.map((row) => row.figures[column]?.median ?? Number.NaN);
  const most = Math.max(...values.filter((value) => !Number.isNaN(value)), Number.MIN_VALUE);
  const space = PANEL.width - LABEL_WIDTH - VALUE_WIDTH;
  return [
    text(0, 14, title, 'title'),
    text(0, 32, note, 'muted'),
    ...rows.map((row, i) =>
      barOf(row, { y: PANEL.head + i * PANEL.row, value: values[i] as number, length: ((values[i] as number) / most) * space, digits }),
    ),
  ].join('\n');
}

function barOf({ server }: Row, { y, value, length, digits }: { y: number; value: number; length: number; digits: number }): string {
  const kind = server === 'wetink' ? ' own' : server === 'ceiling' ? ' ceiling' : '';
  const label = text(0, y + 13, names[server], server === 'wetink' ? 'own' : 'muted');
  if (Number.isNaN(value)) return `${label}\n${text(LABEL_WIDTH, y + 13, 'no figure', 'muted')}`;
  const width = Math.max(2, length).toFixed(1);
  const bar = `<rect class="bar${kind}" x="${LABEL_WIDTH}" y="${y + 4}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`;
  return `${label}\n${bar}\n${text(LABEL_WIDTH + Math.max(2, length) + 8, y + 13, format(value, digits), server === 'wetink' ? 'own' : '')}`;
}

function text(x: number, y: number, words: string, kind: string): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}"${kind === '' ? '' : ` class="${kind}"`}>${escaped}</text>`;
}
