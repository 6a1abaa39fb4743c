/** All rows, by the file that has them. */

import { contentRows } from './rows-content.ts';
import { documentRows } from './rows-document.ts';
import { httpRows } from './rows-http.ts';
import { identityRows } from './rows-identity.ts';
import { mergeRows } from './rows-merge.ts';
import { floodRows } from './rows-floods.ts';
import { operatorRows } from './rows-operator.ts';
import { peopleRows } from './rows-people.ts';
import { presenceRows } from './rows-presence.ts';
import { socketRows } from './rows-socket.ts';
import { uploadRows } from './rows-uploads.ts';
import type { ContentRow, Row, ServiceRow } from './row.ts';

export const relayRows: Readonly<Record<string, readonly Row[]>> = {
  'src/rows-document.ts': documentRows,
  'src/rows-merge.ts': mergeRows,
  'src/rows-presence.ts': presenceRows,
  'src/rows-socket.ts': socketRows,
};

export const serviceRows: Readonly<Record<string, readonly ServiceRow[]>> = {
  'src/rows-http.ts': httpRows,
  'src/rows-identity.ts': identityRows,
  'src/rows-operator.ts': operatorRows,
  'src/rows-uploads.ts': uploadRows,
  'src/rows-people.ts': peopleRows,
  'src/rows-floods.ts': floodRows,
};

export const readerRows: Readonly<Record<string, readonly ContentRow[]>> = {
  'src/rows-content.ts': contentRows,
};

/** Ids of all rows: A1 to A14, B1 to B28, C1 to C6. */
export const rowIds: readonly string[] = Object.entries({ A: 14, B: 28, C: 6 }).flatMap(([part, count]) =>
  Array.from({ length: count }, (_, i) => `${part}${i + 1}`),
);
