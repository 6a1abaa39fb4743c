/** Arbitrary schedules: what five devices of three people do, one after the other. */
import * as fc from 'fast-check';

/** The person at each device. */
export const users = ['ana', 'ana', 'ben', 'ben', 'cid'] as const;

type Drawing = 'draw' | 'draw 3' | 'move' | 'move 4' | 'recolor' | 'widen' | 'lock' | 'describe' | 'reorder' | 'remove' | 'erase' | 'clear';
type Writing = 'write' | 'place' | 'type' | 'leave';
type Going = 'net' | 'meet' | 'pull' | 'reload' | 'wait';
export type OperationName = Drawing | Writing | Going | 'undo' | 'redo';

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
