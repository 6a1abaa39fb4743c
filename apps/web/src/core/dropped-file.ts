/** The kind of a dropped or pasted file, and the sentence for files that cannot be used. Pure. */
import * as m from '$words/dropped-file';
import { isolated } from './sentences.ts';

export type FileKind = 'board' | 'excalidraw' | 'picture' | 'other';

/** Bytes that are enough to recognize a file; the head of a board file is shorter. */
export const HEAD_BYTES = 64;

const pictureName = /\.(png|apng|jpe?g|jfif|gif|webp|avif|heic|heif|bmp|ico|tiff?|svg)$/i;
/**
 * How files of pictures begin, as Latin-1. The dots of the last two are the length of a box or chunk. Bytes are written in
 * hexadecimal: `\1` would be what a group has matched.
 */
const pictureHead =
  /^(?:\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\x00{4}|II\*\x00|MM\x00\*|\x00\x00\x01\x00|RIFF....WEBP|....ftyp(?:avif|avis|heic|heix|mif1|msf1))/s;

/**
 * The content counts before the name: a picture that was renamed is still a picture.
 *
 * @param head Its first `HEAD_BYTES`, or all of it.
 */
export function kindOfFile({ name, type }: { name: string; type: string }, head: Uint8Array): FileKind {
  const start = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (pictureHead.test(start)) return 'picture';
  if (/^\s*\{\s*"format"\s*:\s*"wetink"/.test(start)) return 'board';
  if (looksLikeExcalidraw(start)) return 'excalidraw';
  if (type.startsWith('image/') || pictureName.test(name)) return 'picture';
  // Damaged or cut off: reading it reports what is wrong.
  return /\.wetink$/i.test(name) ? 'board' : 'other';
}

/** Whether a text is JSON of Excalidraw, from its clipboard or a file, by its beginning. */
export function looksLikeExcalidraw(text: string): boolean {
  return /^\s*\{\s*"type"\s*:\s*"excalidraw(\/clipboard)?"/.test(text);
}

/**
 * Whether a picture is of a kind that a board shows. The others are cards: an SVG is never drawn, and no browser but one reads
 * the photographs of iPhones.
 */
export function isForBoard(head: Uint8Array): boolean {
  const start = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  return /^(\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP)/s.test(start) || (start.slice(4, 8) === 'ftyp' && /avif|avis/.test(start));
}

/**
 * Says that files which look like pictures were added as files, and what that means for photographs: bytes of pictures on a
 * board are made anew without the place, those of files are sent as they are. Null without one.
 */
export function addedAsFilesSentence(files: readonly { name: string }[]): string | null {
  const [file] = files;
  if (file === undefined) return null;
  if (files.length > 1) return m.picturesAsFiles({ count: files.length });
  return file.name === '' ? m.thisPictureAsFile() : m.onePictureAsFile({ file: quotedName(file.name) });
}

/** Where files were dropped or pasted: a board takes all of them, the home page only boards, a text none. */
export type FilePlace = 'board' | 'home' | 'text';

/** Why files were left out, one sentence for each kind. A file without a name counts too. A board leaves out only folders. */
export function leftOutSentences(files: readonly { name: string; kind: 'picture' | 'other' | 'folder' }[], place: FilePlace): string[] {
  const named = (kind: string): readonly { name: string }[] => files.filter((file) => file.kind === kind);
  const [pictures, others, folders] = [named('picture'), named('other'), named('folder')];
  const sentences: string[] = [];
  if (place !== 'board') {
    const isHome = place === 'home';
    if (pictures.length === 1) sentences.push((isHome ? m.homePicture : m.textPicture)({ file: quoted(pictures, m.thisPicture()) }));
    if (pictures.length > 1) sentences.push((isHome ? m.homePictures : m.textPictures)({ count: pictures.length }));
    if (others.length === 1) sentences.push((isHome ? m.homeFile : m.textFile)({ file: quoted(others, m.thisFile()) }));
    if (others.length > 1) sentences.push((isHome ? m.homeFiles : m.textFiles)({ count: others.length }));
  }
  if (folders.length > 0) sentences.push(m.aFolderCantBeOpened());
  return sentences;
}

/** A file's name for use in a sentence: unchanged, and isolated so that it cannot reorder the sentence. */
export function quotedName(name: string): string {
  return name === '' ? m.theFile() : m.quotedName({ name: isolated(name, (text) => text.replace(/[\u2066-\u2069]/g, '')) });
}

function quoted([file]: readonly { name: string }[], otherwise: string): string {
  return file === undefined || file.name === '' ? otherwise : quotedName(file.name);
}
