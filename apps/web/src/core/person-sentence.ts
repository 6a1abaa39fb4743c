/** The doings of a person in the list, in a few words. Pure. */
import * as m from '$words/person-sentence';
import type { ToolName } from '@wetink/canvas';
import type { Participant } from './participants.ts';

/** Tools by which a person changes the board; picking and moving are what everybody does. */
const toolWords: Readonly<Partial<Record<ToolName, string>>> = {
  pen: m.hasThePen(),
  eraser: m.hasTheEraser(),
  rectangle: m.drawsRectangles(),
  ellipse: m.drawsEllipses(),
  line: m.drawsLines(),
  arrow: m.drawsArrows(),
  text: m.hasTheTextTool(),
  laser: m.pointsWithTheLaser(),
  fill: m.fillsShapes(),
  hand: m.lookingAround(),
  select: m.selecting(),
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
  const now = person.rest !== null ? restWords[person.rest] : person.isTyping ? m.typing() : person.isViewer ? m.lookingOn() : tool;
  const parts = [
    how.place === null ? null : m.handUp({ place: ordinal(how.place) }),
    person.clients.some(({ presents }) => presents !== null) ? m.presenting() : null,
    how.isFollowingMe ? m.followsYou() : null,
    typeof how.page === 'string' ? m.onPage({ page: how.page }) : null,
    now,
  ];
  return parts.filter((part) => part !== null && part !== undefined).join(' · ');
}

const restWords = { idle: m.idle(), away: m.away() } as const;

/** '1st', '2nd', '3rd', '4th', '11th', '21st'. */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}
