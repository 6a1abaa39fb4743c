/** Checks the configured folders before anything is opened. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { makeFolder } from './folders.ts';

/**
 * Makes the data folder, and looks for the web app.
 *
 * @returns One sentence for each mistake: they are reported together with those of the configuration.
 */
export async function checkFolders(config: Config): Promise<string[]> {
  const mistakes: string[] = [];
  if (config.mongodb === null) {
    try {
      await makeFolder(config.dataFolder);
    } catch (error) {
      mistakes.push(
        `data folder ${config.dataFolder} cannot be made: ${error instanceof Error ? error.message : String(error)}. Choose another with --data.`,
      );
    }
  }
  if (config.staticFolder !== null) {
    const index = join(config.staticFolder, 'index.html');
    const isThere = await stat(index).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (!isThere) mistakes.push(`no web app in ${config.staticFolder}: ${index} is missing. Build it first, or leave --static out.`);
  }
  return mistakes;
}
