/** The product's HTTP API: entering rooms, boards, links, people and pictures, and the pages that may call it. */

export { answerWith, sendError, sendJson, sendText, setSafeHeaders } from './answers.ts';
export type { ApiListener, DescribedApi } from './api.ts';
export { createBoardService, createUserlessService } from './board-service.ts';
export type { BoardService, BoardServiceOptions, KeptBeside, UserlessService, UserlessServiceOptions } from './board-service.ts';
export type { ContentCaller, ContentEntry } from './content-entry.ts';
export { answerCors } from './cors.ts';
export type { CorsRules } from './cors.ts';
export { ApiFailure, bodyInvalid } from './failures.ts';
export type { Answer, Call, Handler, Route } from './routes.ts';
export { createEntrance } from './entrance.ts';
export type { EntrancePorts } from './entrance.ts';
export { createGuessLimit } from './guess-limit.ts';
export type { GuessLimit, GuessLimitOptions } from './guess-limit.ts';
export { createIdentity } from './identity.ts';
export type { AuthMode, Entering, EnteringRequest, Identity, IdentityOptions } from './identity.ts';
export { ANY_ORIGIN, createOriginCheck, originMistake, ownOrigin } from './origins.ts';
export type { OriginRequest, OriginRules } from './origins.ts';
export type { TokenPages } from './people-routes.ts';
export { cidrMistake, createAddressReader, createProxyCheck, isFromHere } from './proxies.ts';
export type { AddressReader } from './proxies.ts';
export { readFields } from './body.ts';
export type { PersonAdded } from './conversation-routes.ts';
export type { RoleChange } from './sharing-routes.ts';
export { createSharedState } from './shared-state.ts';
export type { SharedState } from './shared-state.ts';
