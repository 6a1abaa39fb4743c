/** Lets `wetink-relay backup` copy the data folder while this relay uses it. */

import type { Logger } from 'pino';
import type { OpenedStore } from './backends.ts';
import { listenForControl, type ControlSocket } from './control.ts';
import { makeFolder } from './folders.ts';

/** @returns null when the socket cannot be opened: boards are served anyway, but a backup needs the relay stopped. */
export async function answerBackupRequests(opened: OpenedStore, log: Logger): Promise<ControlSocket | null> {
  if (opened.kind !== 'lmdb') return null;
  try {
    return await listenForControl(opened.folder, async (toFolder) => {
      await makeFolder(toFolder);
      await opened.store.backup(toFolder);
      log.info({ to: toFolder }, 'backed up');
    });
  } catch (error) {
    log.warn({ err: error }, 'control socket could not be opened, no backups while this relay runs');
    return null;
  }
}
