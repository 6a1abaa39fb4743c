/** The product's HTTP API: entering rooms, boards, links, people and pictures, and the pages that may call it. */

export { answerWith, sendError, sendJson, sendText, setSafeHeaders } from './answers.ts';
export type { ApiListener } from './api.ts';
export { createBoardService, createUserlessService } from './board-service.ts';
export type { BoardService, BoardServiceOptions, UserlessService, UserlessServiceOptions } from './board-service.ts';
export { answerCors } from './cors.ts';
export type { CorsRules } from './cors.ts';
export { createEntrance } from './entrance.ts';
export type { EntrancePorts } from './entrance.ts';
export { createIdentity } from './identity.ts';
export type { AuthMode, Entering, EnteringRequest, Identity, IdentityOptions } from './identity.ts';
export { ANY_ORIGIN, createOriginCheck, originMistake, ownOrigin } from './origins.ts';
export type { OriginRequest, OriginRules } from './origins.ts';
export type { TokenPages } from './people-routes.ts';
export { cidrMistake, createAddressReader, createProxyCheck, isFromHere } from './proxies.ts';
export type { AddressReader } from './proxies.ts';
export { createSharedState } from './shared-state.ts';
export type { SharedState } from './shared-state.ts';
