/** The worker that prepares and decodes images and hashes files, one after the other: an image may need hundreds of megabytes. */
import { filterImage, type FilterTask } from './image-filtering.ts';
import {
  decodeImage,
  hashOf,
  hashOfFile,
  inspectImage,
  makeFace,
  prepareImage,
  type Inspected,
  type MadeFace,
  type Prepared,
} from './image-coding.ts';

export type ImageTask =
  | { readonly do: 'prepare'; readonly file: Blob; readonly maxBytes: number }
  | { readonly do: 'decode'; readonly file: Blob; readonly width: number; readonly height: number }
  | { readonly do: 'face'; readonly file: Blob }
  | FilterTask
  | { readonly do: 'hash-file'; readonly file: Blob }
  | { readonly do: 'hash' | 'inspect'; readonly bytes: Uint8Array<ArrayBuffer> };

/** `failed`: the browser could not decode it. */
export type ImageAnswer =
  | { readonly prepared: Prepared }
  | { readonly face: MadeFace }
  | { readonly bitmap: ImageBitmap }
  | { readonly hash: string }
  | { readonly inspected: Inspected }
  /** The pixels to filter are not here any more. */
  | { readonly isMissing: true }
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
    case 'face':
      return { face: await makeFace(task.file) };
    case 'decode':
      return { bitmap: await decodeImage(task.file, task) };
    case 'filter': {
      const bitmap = await filterImage(task);
      task.bitmap?.close();
      return bitmap === null ? { isMissing: true } : { bitmap };
    }
    case 'hash-file':
      return { hash: await hashOfFile(task.file) };
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
