/** nginx with the shipped nginx.conf; only the files that it includes from site/ are written. */

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

/** @throws {Error} The configuration is wrong; the message is nginx's. */
export function checkNginx(folder: string): void;

/** The command that runs nginx in the foreground. */
export function nginxCommand(folder: string): { command: string; args: string[] };
