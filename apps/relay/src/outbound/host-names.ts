/**
 * Addresses of host names that people and programs gave, asked of the name servers of this machine without its threads: `dns.lookup`
 * holds one of a few threads for as long as a name server does not answer, and with it everything else that looks up a name.
 *
 *     localhost, a name of the hosts file -> these addresses
 *     any other -> A and AAAA from the name servers; in private networks with the search domains of this machine
 *
 * So multicast names (.local) and other sources of the system are not asked.
 */

import { Resolver } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

export interface HostNames {
  /** @throws {Error} `ENOTFOUND`: there is no such name. `EAI_AGAIN`: no answer, or none that can be used. */
  addressesOf(name: string): Promise<LookupAddress[]>;
}

export interface HostNamesOptions {
  /** Short names are completed, as in a private network. */
  usesSearchDomains: boolean;
  /** Name servers instead of those of this machine. */
  servers?(): readonly string[];
  /** Text of a file of this machine; '' when there is none. */
  read?(path: '/etc/hosts' | '/etc/resolv.conf'): Promise<string>;
  /** Milliseconds, only compared with each other. */
  now?(): number;
}

/** Name servers and files of this machine. */
interface Machine {
  resolver: Resolver;
  hosts: ReadonlyMap<string, readonly LookupAddress[]>;
  searchDomains: readonly string[];
}

/** The first attempt; each further one waits longer. Together about as long as a request may take. */
const TIMEOUT_MS = 1_500;
const ATTEMPTS = 3;
const LOCAL: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
const MAX_SEARCH_DOMAINS = 6;
/** Name servers and files may change while a relay runs, as those of a laptop or a container do. */
const READ_AGAIN_MS = 10_000;

export function createHostNames({
  usesSearchDomains,
  servers,
  read = readSystemFile,
  now = () => performance.now(),
}: HostNamesOptions): HostNames {
  let known: { machine: Promise<Machine>; readAtMs: number } | null = null;
  const readMachine = async (): Promise<Machine> => {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: ATTEMPTS });
    if (servers !== undefined) resolver.setServers(servers());
    const hosts = namesInHosts(await read('/etc/hosts'));
    return { resolver, hosts, searchDomains: usesSearchDomains ? searchDomainsIn(await read('/etc/resolv.conf')) : [] };
  };
  const machineNow = (): Promise<Machine> => {
    if (known === null || now() - known.readAtMs >= READ_AGAIN_MS) known = { machine: readMachine(), readAtMs: now() };
    return known.machine;
  };
  return {
    async addressesOf(given) {
      const { resolver, hosts, searchDomains } = await machineNow();
      const name = given.toLowerCase().replace(/\.$/, '');
      const local = hosts.get(name) ?? (name === 'localhost' || name.endsWith('.localhost') ? LOCAL : []);
      if (local.length > 0) return [...local];
      const longer = given.endsWith('.') ? [] : searchDomains.map((domain) => `${name}.${domain}`);
      for (const candidate of name.includes('.') ? [name, ...longer] : [...longer, name]) {
        try {
          return await ask(resolver, candidate);
        } catch (error) {
          if (codeOf(error) !== 'ENOTFOUND') throw error;
        }
      }
      throw failure('ENOTFOUND');
    },
  };
}

async function ask(resolver: Resolver, name: string): Promise<LookupAddress[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [...addressesIn(four, 4), ...addressesIn(six, 6)];
  if (found.length > 0) return found;
  const failures = [four, six].map((outcome) => (outcome.status === 'rejected' ? codeOf(outcome.reason) : 'ENODATA'));
  throw failure(failures.every((code) => code === 'ENOTFOUND' || code === 'ENODATA') ? 'ENOTFOUND' : 'EAI_AGAIN');
}

async function readSystemFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return ''; // this system has none: the name servers know the rest
  }
}

/** Pure. */
function namesInHosts(hosts: string): Map<string, LookupAddress[]> {
  const addresses = new Map<string, LookupAddress[]>();
  for (const line of hosts.split('\n')) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().toLowerCase().split(/\s+/);
    const family = isIP(address);
    for (const name of family === 0 ? [] : names) addresses.set(name, [...(addresses.get(name) ?? []), { address, family }]);
  }
  return addresses;
}

/** Of `search` and `domain`, the last line counts. Pure. */
function searchDomainsIn(resolvConf: string): string[] {
  const lines = resolvConf.split('\n').map((line) => line.trim().split(/\s+/));
  const [, ...domains] = lines.filter(([word]) => word === 'search' || word === 'domain').at(-1) ?? [];
  return domains.slice(0, MAX_SEARCH_DOMAINS).map((domain) => domain.replace(/\.$/, ''));
}

function addressesIn(outcome: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return outcome.status === 'fulfilled' ? outcome.value.map((address) => ({ address, family })) : [];
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function failure(code: 'ENOTFOUND' | 'EAI_AGAIN'): Error {
  const message = code === 'ENOTFOUND' ? 'the name of the host is not known' : 'the name of the host could not be looked up';
  return Object.assign(new Error(message), { code });
}
