/** The Wetink relay as a library. See README.md for a tour and SPEC.md for what it guarantees. */

export type {
  AccessChange,
  Admission,
  AuthorizeAnswer,
  AuthorizeRequest,
  RecheckAnswer,
  Refusal,
  VerifiedUser,
} from './ports/authorize.ts';
export type { ArrayChange, ArrayWatch } from './ports/array-watch.ts';
export type { PeopleWatch } from './ports/people-watch.ts';
export type { Bus, BusListener, BusRoom, Departure, RoomCounts } from './bus/bus.ts';
export type { EditCallback, EditOptions } from './edits/edits.ts';
export { inlineDocumentWorker } from './document/document-worker.ts';
export type { DocumentWorker } from './document/document-worker.ts';
export { createDocumentWorkerThread } from './document/document-worker-thread.ts';
export { systemEnvironment } from './ports/environment.ts';
export type { Environment } from './ports/environment.ts';
export { errorFields, refusalCode } from './ports/error-fields.ts';
export { limitRows } from './limits/limit-rows.ts';
export type { LimitRow } from './limits/limit-rows.ts';
export { defaultLimits } from './limits/limits.ts';
export type { RelayLimits } from './limits/limits.ts';
export { loadedVersions } from './ports/loaded-versions.ts';
export type { LoadedVersion } from './ports/loaded-versions.ts';
export { createLocalBus } from './bus/local-bus.ts';
export type { LocalBus, LocalBusOptions } from './bus/local-bus.ts';
export { silentLogger } from './ports/logger.ts';
export type { Logger } from './ports/logger.ts';
export { silentObserver } from './ports/observer.ts';
export type { ApiLimit, PacedLimit } from './ports/paced-limit.ts';
export type { ConnectionQuery } from './connection/connections.ts';
export type { ConnectionFailure, ConnectionOpening, ConnectionSummary, OpenConnection, RelayObserver } from './ports/observer.ts';
export { addressKey } from './limits/address-key.ts';
export { CONNECT_WINDOW_MS } from './limits/address-gate.ts';
export { createMemoryKeyWindow } from './limits/key-window.ts';
export type { KeyWindow } from './limits/key-window.ts';
export { createRelay } from './relay.ts';
export type { RoomState, RoomStats } from './room/room-stats.ts';
export type { Relay, RelayStats } from './relay.ts';
export type { RelayOptions } from './relay-options.ts';
