/** Names of the limits that pass by themselves: a client above one waits or comes again later. Labels of a counter. */

export type SharedWorkLimit = 'user_work' | 'address_work';
/** Limits of one connection. */
export type PaceLimit = 'messages' | 'bytes' | 'answers' | 'work' | SharedWorkLimit;
export type UserLimit = 'user_connections' | 'user_rooms';
/** Limits of the HTTP API beside the sockets. */
export type ApiLimit = 'api_calls' | 'blob_reads' | 'api_misses' | 'user_boards' | 'address_boards' | 'user_posts';

export type PacedLimit = PaceLimit | UserLimit | ApiLimit | 'states' | 'address_connections' | 'address_connects';
