/** All calls about what a board holds, for the relay's API, which knows boards only by their owners. */

import type { ContentEntry, Route } from '@wetink/relay/http';
import { elementRoutes } from './element-routes.ts';
import { messageRoutes, type MessageParts } from './message-routes.ts';

export function contentRoutes(entry: ContentEntry, chat: MessageParts): Route[] {
  return [...messageRoutes(entry, chat), ...elementRoutes(entry)];
}
