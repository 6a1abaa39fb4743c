/** Pages and elements of a board over HTTP. The README of this package describes the calls and the JSON of an element. */

import { boardPages, postElements } from '@wetink/board';
import { bodyInvalid, type ContentEntry, type Route } from '@wetink/relay/http';
import { ElementMistake, elementsFromJson } from './element-json.ts';
import { boardMistake, keyReused } from './failures.ts';
import { postKey } from './post-key.ts';

/** About 10,000 points. */
const MAX_BODY_BYTES = 256 * 1024;

export function elementRoutes(entry: ContentEntry, wallClock: () => number = Date.now, random: () => number = Math.random): Route[] {
  return [
    {
      pattern: '/v1/boards/:/pages',
      methods: {
        async GET(call) {
          const { board, user } = await entry.enter(call);
          // The whole board is read for it, as for elements that are drawn.
          await entry.count('elements', user);
          return { status: 200, body: { pages: await entry.edit(board, boardPages) } };
        },
      },
    },
    {
      pattern: '/v1/boards/:/elements',
      methods: {
        async POST(call) {
          const { board, user } = await entry.enterToPost(call);
          const { elements: given, ...others } = await call.fields(MAX_BODY_BYTES);
          if (Object.keys(others).length > 0) throw bodyInvalid('send elements, and nothing else');
          const { elements, frames } = readElements(given);
          const key = postKey(call, 'elements', board, user.id);
          await entry.count('elements', user);
          const post = { userId: user.id, name: user.name ?? '', elements, frames, key, now: wallClock, random };
          const { ids, isNew } = await entry.edit(board, (doc) => boardMistake(() => postElements(doc, post)));
          if (ids.length !== elements.length) throw keyReused();
          return { status: isNew ? 201 : 200, body: { elements: ids.map((id) => ({ id })) } };
        },
      },
    },
  ];
}

function readElements(given: unknown): ReturnType<typeof elementsFromJson> {
  try {
    return elementsFromJson(given);
  } catch (error) {
    throw error instanceof ElementMistake ? bodyInvalid(error.message) : error;
  }
}
