/** The kind of a dropped or pasted file, and the sentence for files that cannot be used. Pure. */
import { isolated } from './sentences.ts';

export type FileKind = 'board' | 'picture' | 'other';

/** Bytes that are enough to recognize a file; the head of a board file is shorter. */
export const HEAD_BYTES = 64;

const pictureName = /\.(png|apng|jpe?g|jfif|gif|webp|avif|heic|heif|bmp|ico|tiff?|svg)$/i;
/** How files of pictures begin, as Latin-1. The dots of the last two are the length of a box or chunk. */
const pictureHead =
  /^(\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|II\*\0|MM\0\*|\0\0\1\0|RIFF....WEBP|....ftyp(avif|avis|heic|heix|mif1|msf1))/s;

/**
 * The content counts before the name: a picture that was renamed is still a picture.
 *
 * @param head Its first `HEAD_BYTES`, or all of it.
 */
export function kindOfFile({ name, type }: { name: string; type: string }, head: Uint8Array): FileKind {
  const start = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (pictureHead.test(start)) return 'picture';
  if (/^\s*\{\s*"format"\s*:\s*"wetink"/.test(start)) return 'board';
  if (type.startsWith('image/') || pictureName.test(name)) return 'picture';
  // Damaged or cut off: reading it reports what is wrong.
  return /\.wetink$/i.test(name) ? 'board' : 'other';
}

/** Where files were dropped or pasted: a board takes pictures, the home page and a text take none. */
export type FilePlace = 'board' | 'home' | 'text';

const noPictures: Readonly<Record<Exclude<FilePlace, 'board'>, string>> = {
  home: 'Open a board and drop it there.',
  text: 'A text can’t hold it: press Escape, then paste it on the board.',
};

/** Why files were left out, one sentence for each kind. A file without a name counts too. Pictures on a board are no such files. */
export function leftOutSentences(files: readonly { name: string; kind: 'picture' | 'other' | 'folder' }[], place: FilePlace): string[] {
  const named = (kind: string): readonly { name: string }[] => files.filter((file) => file.kind === kind);
  const [pictures, others, folders] = [named('picture'), named('other'), named('folder')];
  const sentences: string[] = [];
  if (place !== 'board' && pictures.length === 1) sentences.push(`${quoted(pictures, 'This')} is a picture. ${noPictures[place]}`);
  if (place !== 'board' && pictures.length > 1)
    sentences.push(`${pictures.length} pictures were left out. ${noPictures[place].replaceAll(/\bit\b/g, 'them')}`);
  const isBoard = place !== 'home';
  const usable = isBoard ? 'pictures and files that end in .wetink' : 'files that end in .wetink';
  if (others.length === 1)
    sentences.push(
      `${quoted(others, 'This file')} is ${isBoard ? 'neither a picture nor a board' : 'no board'}. Only ${usable} can be opened here.`,
    );
  if (others.length > 1) sentences.push(`${others.length} files were left out. Only ${usable} can be opened here.`);
  if (folders.length > 0) sentences.push('A folder can’t be opened here. Drop the .wetink files that are in it.');
  return sentences;
}

/** A file's name for use in a sentence: unchanged, and isolated so that it cannot reorder the sentence. */
export function quotedName(name: string): string {
  return name === '' ? 'The file' : `“${isolated(name, (text) => text.replace(/[\u2066-\u2069]/g, ''))}”`;
}

function quoted([file]: readonly { name: string }[], otherwise: string): string {
  return file === undefined || file.name === '' ? otherwise : quotedName(file.name);
}
