/** The doings of a person in the list, in a few words. Pure. */
import type { ToolName } from '@wetink/canvas';
import type { Participant } from './participants.ts';

/** Tools by which a person changes the board; picking and moving are what everybody does. */
const toolWords: Readonly<Partial<Record<ToolName, string>>> = {
  pen: 'Has the pen',
  eraser: 'Has the eraser',
  rectangle: 'Draws rectangles',
  ellipse: 'Draws ellipses',
  line: 'Draws lines',
  arrow: 'Draws arrows',
  text: 'Has the text tool',
  laser: 'Points with the laser',
  fill: 'Fills shapes',
  hand: 'Looking around',
  select: 'Selecting',
};

export interface Circumstances {
  /** Place among the raised hands, from 1; null without one. */
  readonly place: number | null;
  readonly isFollowingMe: boolean;
  /** The page that they see, as it is called, if it is another than mine; default: the same. */
  readonly page?: string | null;
}

/** 'Hand up, 2nd · Has the pen'. A person who is not at their screen holds nothing. */
export function doingSentence(
  person: Pick<Participant, 'rest' | 'isTyping' | 'isViewer' | 'tool' | 'clients'>,
  how: Circumstances,
): string {
  const tool = Object.hasOwn(toolWords, person.tool) ? toolWords[person.tool as ToolName] : undefined;
  const now = person.rest !== null ? restWords[person.rest] : person.isTyping ? 'Typing' : person.isViewer ? 'Looking on' : tool;
  const parts = [
    how.place === null ? null : `Hand up, ${ordinal(how.place)}`,
    person.clients.some(({ presents }) => presents !== null) ? 'Presenting' : null,
    how.isFollowingMe ? 'Follows you' : null,
    typeof how.page === 'string' ? `On ${how.page}` : null,
    now,
  ];
  return parts.filter((part) => part !== null && part !== undefined).join(' · ');
}

const restWords = { idle: 'Idle', away: 'Away' } as const;

/** '1st', '2nd', '3rd', '4th', '11th', '21st'. */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
