/** The Wetink relay as a library. See README.md for a tour and SPEC.md for what it guarantees. */

export type { Admission, AuthorizeAnswer, AuthorizeRequest, Concerned, RecheckAnswer, Refusal, VerifiedUser } from './authorize.ts';
export type { Bus, BusListener, BusRoom, Parting, RoomCounts } from './bus.ts';
export { inlineDocumentWorker } from './document-worker.ts';
export type { DocumentWorker } from './document-worker.ts';
export { createDocumentWorkerThread } from './document-worker-thread.ts';
export { systemEnvironment } from './environment.ts';
export type { Environment } from './environment.ts';
export { errorFields } from './error-fields.ts';
export { limitRows } from './limit-rows.ts';
export type { ApiLimit, LimitRow, PacedLimit } from './limit-rows.ts';
export { defaultLimits } from './limits.ts';
export type { RelayLimits } from './limits.ts';
export { loadedVersions } from './loaded-versions.ts';
export type { LoadedVersion } from './loaded-versions.ts';
export { createLocalBus } from './local-bus.ts';
export type { LocalBus, LocalBusOptions } from './local-bus.ts';
export { silentLogger } from './logger.ts';
export type { Logger } from './logger.ts';
export { silentObserver } from './observer.ts';
export type { ConnectionFailure, ConnectionOpening, ConnectionSummary, RelayObserver } from './observer.ts';
export { addressKey } from './rate/address-key.ts';
export { CONNECT_WINDOW_MS } from './rate/address-gate.ts';
export { createMemoryKeyWindow } from './rate/key-window.ts';
export type { KeyWindow } from './rate/key-window.ts';
export { createRelay } from './relay.ts';
export type { RoomState, RoomStats } from './room-stats.ts';
export type { Relay, RelayOptions, RelayStats } from './relay.ts';
