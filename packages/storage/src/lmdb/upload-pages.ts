/** Lists the uploads of a folder page by page, and reads the folder once for all pages. */

import type { UploadListing } from '../blobs.ts';

export interface UploadFolder {
  /** Names of all files, in any order. */
  names(): Promise<string[]>;
  /** Null when there is no such upload any more. */
  factsOf(upload: string): Promise<UploadListing | null>;
}

const UPLOAD_NAME = /^[0-9a-f]{64}$/;

/** @returns Lists at most `limit` uploads behind `after`, in the order of their names. */
export function createUploadPages({ names, factsOf }: UploadFolder): (after: string, limit: number) => Promise<UploadListing[]> {
  /** Names behind the page that was listed last, the first one at the end. */
  let rest: { after: string; names: string[] } | null = null;
  const namesBehind = async (after: string): Promise<string[]> =>
    (await names())
      .filter((name) => name > after && UPLOAD_NAME.test(name))
      .sort()
      .reverse();

  return async (after, limit) => {
    const left = rest?.after === after ? rest.names : await namesBehind(after);
    rest = null;
    const listed: UploadListing[] = [];
    // Uploads that are dropped meanwhile make no page empty: an empty page would look like the end.
    while (listed.length < limit && left.length > 0) {
      const some = left.splice(-(limit - listed.length)).reverse();
      listed.push(...(await Promise.all(some.map(factsOf))).flatMap((facts) => facts ?? []));
    }
    const last = listed.at(-1);
    if (last !== undefined && left.length > 0) rest = { after: last.upload, names: left };
    return listed;
  };
}
