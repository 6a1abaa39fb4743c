/** Arbitrary schedules: what five devices of three people do, one after the other. */
import * as fc from 'fast-check';

/** The person at each device. */
export const users = ['ana', 'ana', 'ben', 'ben', 'cid'] as const;

type Drawing = 'draw' | 'draw 3' | 'move' | 'move 4' | 'recolor' | 'widen' | 'lock' | 'describe' | 'reorder' | 'remove' | 'erase' | 'clear';
type Grouping = 'group' | 'ungroup' | 'put' | 'take out' | 'remove group' | 'frame' | 'rename';
type Restoring = 'restore' | 'restore 3';
type Paging = 'add page' | 'draw here' | 'rename page' | 'move page' | 'remove page' | 'to page';
type Writing = 'write' | 'place' | 'type' | 'leave';
type Going = 'net' | 'meet' | 'pull' | 'reload' | 'wait';
export type OperationName = Drawing | Grouping | Paging | Restoring | Writing | Going | 'undo' | 'redo';

export interface Operation {
  readonly device: number;
  readonly op: OperationName;
  /** Chooses elements, receivers and counts. */
  readonly choice: number;
}

export interface Schedule {
  readonly clientIds: readonly number[];
  readonly skewsMs: readonly number[];
  readonly operations: readonly Operation[];
  /** The person for whom the laws are checked at the end. */
  readonly subject: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const hoursApart = fc.constantFrom(0, 0, 5_000, -5_000, 3_600_000, -3_600_000);
const daysApart = fc.constantFrom(0, 0, 3_600_000, 2 * DAY_MS, -2 * DAY_MS, 5 * DAY_MS);

/** Arbitrary schedules. @param ops Operations; a repeated one is chosen more often. */
function schedulesOf(ops: readonly OperationName[], devices: readonly number[] = [0, 1, 2, 3, 4]): fc.Arbitrary<Schedule> {
  return fc.record({
    clientIds: fc.shuffledSubarray([11, 22, 33, 44, 55], { minLength: 5 }),
    skewsMs: fc.oneof(...[hoursApart, daysApart].map((skew) => fc.array(skew, { minLength: 5, maxLength: 5 }))),
    operations: fc.array(fc.record({ device: fc.constantFrom(...devices), op: fc.constantFrom(...ops), choice: fc.nat(1_000_000) }), {
      minLength: 5,
      maxLength: 100,
      size: 'max',
    }),
    subject: fc.constantFrom(...devices),
  });
}

const drawing: Drawing[] = [
  'draw',
  'draw',
  'draw 3',
  'move',
  'move',
  'move 4',
  'recolor',
  'widen',
  'lock',
  'describe',
  'reorder',
  'remove',
  'erase',
  'clear',
];
const undoing: OperationName[] = ['undo', 'undo', 'undo', 'redo', 'redo'];
const going: Going[] = ['net', 'net', 'net', 'pull', 'reload', 'wait'];

export const schedules = schedulesOf([...drawing, ...undoing, ...going]);
/** Schedules with groups: people group, ungroup and put things into each other's groups, while they move and delete them. */
export const groupingSchedules = schedulesOf([
  ...(['draw', 'draw 3', 'group', 'group', 'group', 'ungroup', 'put', 'put', 'put', 'take out', 'remove group'] as const),
  ...(['move 4', 'reorder', 'remove', 'clear', 'undo', 'undo', 'undo', 'redo', 'redo', 'net', 'net', 'meet', 'pull', 'reload'] as const),
]);
/** Schedules of two people with one device each, who put things into each other's groups and undo. */
export const sharedGroupSchedules = schedulesOf(
  ['draw', 'draw', 'group', 'group', 'put', 'put', 'put', 'take out', 'ungroup', 'meet', 'meet', 'meet', 'undo', 'undo', 'redo'],
  [0, 2],
);
/** Schedules with frames: people draw frames around things, name them, and put things, groups and frames into each other's. */
export const framingSchedules = schedulesOf([
  ...(['draw', 'draw 3', 'frame', 'frame', 'frame', 'rename', 'group', 'ungroup', 'put', 'put', 'put', 'take out'] as const),
  ...(['move', 'move 4', 'reorder', 'recolor', 'remove', 'remove group', 'clear'] as const),
  ...(['undo', 'undo', 'undo', 'redo', 'redo', 'net', 'net', 'meet', 'pull', 'reload'] as const),
]);
/** Schedules with pages: people add, name, move and delete them, while others draw on them and move things to them. */
export const pageSchedules = schedulesOf([
  ...(['add page', 'add page', 'draw here', 'draw here', 'draw here', 'to page', 'to page', 'move page', 'move page'] as const),
  ...(['rename page', 'remove page', 'remove page', 'draw', 'group', 'frame', 'put', 'move', 'reorder', 'remove', 'clear'] as const),
  ...(['undo', 'undo', 'undo', 'redo', 'redo', 'net', 'net', 'meet', 'pull', 'reload'] as const),
]);
/** Schedules of two people with one device each, who draw on each other's pages, delete them and undo. */
export const sharedPageSchedules = schedulesOf(
  [
    'add page',
    'draw here',
    'draw here',
    'to page',
    'move page',
    'rename page',
    'remove page',
    'meet',
    'meet',
    'meet',
    'undo',
    'undo',
    'redo',
  ],
  [0, 2],
);
/** Schedules of deleting and restoring, with undo of both, while others go on with what was restored. */
export const trashSchedules = schedulesOf([
  ...(['draw', 'draw', 'draw 3', 'remove', 'remove', 'erase', 'clear', 'restore', 'restore', 'restore 3', 'restore 3'] as const),
  ...(['move', 'recolor', 'reorder', 'group', 'add page', 'draw here', 'remove page'] as const),
  ...(['undo', 'undo', 'undo', 'redo', 'redo', 'net', 'net', 'meet', 'pull', 'reload'] as const),
]);
/** Schedules with typing: text boxes are open during all other operations. */
export const writingSchedules = schedulesOf([
  ...(['write', 'place', 'place', 'type', 'type', 'type', 'type', 'type', 'type', 'leave', 'leave'] as const),
  ...([
    'move',
    'recolor',
    'remove',
    'clear',
    'undo',
    'undo',
    'undo',
    'redo',
    'meet',
    'meet',
    'meet',
    'pull',
    'net',
    'reload',
    'wait',
  ] as const),
]);
/** Schedules of three people with one device each, who mostly type in each other's texts and undo. */
export const sharedTextSchedules = schedulesOf(
  ['write', 'place', 'type', 'type', 'type', 'type', 'leave', 'leave', 'remove', 'undo', 'undo', 'undo', 'redo', 'meet', 'meet', 'reload'],
  [0, 2, 4],
);
