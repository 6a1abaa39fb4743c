/** Numbers of messages on the wire. 102 is y-sweet's, 120-127 are kept for several rooms on one socket. */

export const sync = 0;
export const awareness = 1;
export const auth = 2;
export const queryAwareness = 3;
export const hello = 100;
export const authenticate = 101;
export const welcome = 103;
export const ack = 104;
export const refused = 105;
export const wet = 106;
export const app = 107;
export const notice = 108;
export const reconnect = 109;
export const digest = 110;
export const chunk = 111;
