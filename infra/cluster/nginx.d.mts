/** nginx with the nginx.conf that ships; only what it includes from site/ is written. */

export type Balance = 'least_conn' | 'round_robin' | 'hash';

export const balances: readonly Balance[];

export interface NginxFolder {
  folder: string;
  port: number;
  isTls: boolean;
  balance: Balance;
  relayPorts: readonly number[];
}

export function writeNginxFolder(options: NginxFolder): void;

/** @throws {Error} with what nginx says when its configuration is wrong. */
export function checkNginx(folder: string): void;

/** How to run it in the foreground. */
export function nginxCommand(folder: string): { command: string; args: string[] };
