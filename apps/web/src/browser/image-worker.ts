/** The worker that prepares and decodes images, one after the other: each may need hundreds of megabytes. */
import { decodeImage, hashOf, inspectImage, prepareImage, type Inspected, type Prepared } from './image-coding.ts';

export type ImageTask =
  | { readonly do: 'prepare'; readonly file: Blob; readonly maxBytes: number }
  | { readonly do: 'decode'; readonly file: Blob; readonly width: number; readonly height: number }
  | { readonly do: 'hash' | 'inspect'; readonly bytes: Uint8Array<ArrayBuffer> };

/** `failed`: the browser could not decode it. */
export type ImageAnswer =
  | { readonly prepared: Prepared }
  | { readonly bitmap: ImageBitmap }
  | { readonly hash: string }
  | { readonly inspected: Inspected }
  | { readonly failed: true };

onmessage = ({ data }: MessageEvent<ImageTask>): void => {
  void work(data).then(
    (answer) => postMessage(answer, { transfer: transferOf(answer) }),
    () => postMessage({ failed: true } satisfies ImageAnswer),
  );
};

async function work(task: ImageTask): Promise<ImageAnswer> {
  switch (task.do) {
    case 'prepare':
      return { prepared: await prepareImage(task.file, task.maxBytes) };
    case 'decode':
      return { bitmap: await decodeImage(task.file, task) };
    case 'hash':
      return { hash: await hashOf(task.bytes) };
    case 'inspect':
      return { inspected: await inspectImage(task.bytes) };
  }
}

/** Handed over instead of copied. */
function transferOf(answer: ImageAnswer): Transferable[] {
  if ('bitmap' in answer) return [answer.bitmap];
  return 'prepared' in answer && answer.prepared.ok ? [answer.prepared.image.bytes.buffer] : [];
}
