/** A whole relay with its own port and folder, everything it logs, and clients for it. For tests only. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '@wetink/relay/testing';
import { pino } from 'pino';
import { parseConfig } from '../config/parse-config.ts';
import { createMask } from '../log/secrets.ts';
import { escapeUnseen } from '../log/unseen.ts';
import { startService, type Service } from '../service/service.ts';

export class TestService extends ApiClient {
  folder = '';
  log = '';
  #service: Service | null = null;

  /** Starts on the folder of the previous start, if there was one. */
  async start(env: Record<string, string> = {}): Promise<string> {
    await this.stop();
    if (this.folder === '') this.folder = await mkdtemp(join(tmpdir(), 'wetink-service-'));
    const parsed = parseConfig([], { PORT: '0', WETINK_DATA: this.folder, WETINK_DRAIN_SPREAD_SECONDS: '0', ...env });
    if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
    const mask = createMask([]);
    // As in main, but not to stderr.
    const logger = pino(
      { level: 'debug', hooks: { streamWrite: (line) => mask(escapeUnseen(line)) } },
      { write: (line: string) => void (this.log += line) },
    );
    this.#service = await startService(parsed.config, logger, 'test');
    return (this.origin = `http://127.0.0.1:${this.#service.port}`);
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = null;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
