/** Files that a person puts into the chat: each is a message of its own, sent once its bytes are on this device. */
import * as m from '$words/share-files';
import type { Attachments } from '../session/attachments.ts';
import type { ChatState } from './chat.svelte.ts';
import type { BoardFiles } from './files.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export interface ShareFilesPorts {
  readonly attachments: { get(): Promise<Pick<Attachments, 'add' | 'wake'> | null> };
  readonly files: Pick<BoardFiles, 'whilePreparing'>;
  readonly chat: Pick<ChatState, 'sendFile'>;
  readonly room: Pick<RoomState, 'isReadOnly'>;
  readonly toasts: Pick<Toasts, 'fail'>;
}

const NOT_SENT = {
  one: m.theFileWasNotSent(),
  several: m.theFilesWereNotSent(),
} as const;

/** Says why a file is left out. The page asks before it is closed meanwhile. */
export async function shareFiles(
  files: readonly File[],
  { attachments, files: board, chat, room, toasts }: ShareFilesPorts,
): Promise<void> {
  const part = files.length === 0 ? null : await attachments.get();
  if (part === null) return;
  await board.whilePreparing(m.files({ count: files.length }), async () => {
    const { files: added, release } = await part.add(files);
    // It may have changed while the files were being read.
    if (room.isReadOnly) {
      await release();
      if (added.length > 0) toasts.fail(added.length === 1 ? NOT_SENT.one : NOT_SENT.several);
      return;
    }
    for (const file of added) {
      const problem = chat.sendFile(file);
      if (problem !== null) toasts.fail(problem);
    }
    part.wake();
  });
}
