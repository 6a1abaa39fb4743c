// Patterns of prose that make a reader stop, and where prose is: comments, test titles, strings of logs and helps, documents.

/** Each with what to write instead. */
export const patterns = [
  {
    name: 'a free who or whoever',
    regex: /(?:^|[.;:(] )(?:who|whoever) (?!\w+[^.]*\?)[a-z]+|\bwhoever\b/i,
    instead: 'name the subject: the client, the member, a person, the caller',
  },
  {
    name: 'so many for this many',
    regex: /\bso (?:many|long|often|few)\b(?! (?:that|as)\b)/i,
    instead: 'this many, that long, every 5 s, or the name of the limit',
  },
  {
    name: 'a doc comment that opens with Of',
    regex: /^of [a-z]/i,
    onlyAtStart: true,
    instead: 'the noun: "Bytes of the update." or a verb',
  },
  {
    name: 'a comment that opens with What',
    regex: /^what\b(?![^.]*\?)/i,
    onlyAtStart: true,
    notInTests: true,
    instead: 'a noun phrase ("The limits of a member.") or a verb',
  },
  {
    name: 'a parameter or result that opens with Of',
    regex: /@(?:param \S+|returns?) of\b/i,
    onlyInComments: true,
    instead: 'the noun: "@param maxBytes Limit of one member."',
  },
  {
    name: 'is told or is said, without by whom',
    regex: /\b(?:is|are|was|were|be|been|being|gets?) (?:told|said)\b(?! (?:by|to be)\b)/i,
    instead: 'who sends what to whom: "the relay tells the client"',
  },
];

/** Files in which a pattern may stand, for a written reason. */
export const allowed = [];

const extensions = /\.(ts|mjs|js|svelte|md)$/;
const left = /(^|\/)(node_modules|dist|fixtures)\/|pnpm-lock|(^|\/)prose\.(mjs|test\.ts)$/;

export const hasProse = (file) => extensions.test(file) && !left.test(file);

/** @returns Pieces of prose of a file, each with the line it begins on. */
export function proseOf(file, text) {
  if (file.endsWith('.md'))
    return text.split('\n').map((line, i) => ({ line: i + 1, text: line.replace(/^[\s>*#|-]+/, ''), isComment: false }));
  const pieces = [];
  const lineAt = (index) => text.slice(0, index).split('\n').length;
  const add = (index, raw, isComment) => pieces.push({ line: lineAt(index), text: raw.replace(/\s+/g, ' ').trim(), isComment });
  for (const { 0: whole, index } of text.matchAll(/\/\*\*?[\s\S]*?\*\/|<!--[\s\S]*?-->/g))
    add(index, whole.replace(/^\/\*\*?|\*\/$|<!--|-->/g, '').replace(/^[ \t]*\* ?/gm, ''), true);
  // Comments that follow each other on lines of their own are one text.
  for (const { 0: whole, index } of text.matchAll(/(?:^|\n)[ \t]*\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*|(?<=[;{},)\s])\/\/ [^\n]*/g))
    add(index + (whole.startsWith('\n') ? 1 : 0), whole.replace(/^[ \t]*\/\/ ?/gm, ''), true);
  for (const { 0: whole, index } of text.matchAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g))
    if (/\s\S+\s/.test(whole)) add(index, whole.slice(1, -1), false);
  return pieces;
}

/** @returns `file:line: name: text` of each place where a pattern stands, with what to write instead. */
export function stumblesOf(file, text) {
  const isTest = /\.test\.ts$/.test(file);
  return proseOf(file, text).flatMap((piece) =>
    patterns
      .filter(({ regex, onlyAtStart, onlyInComments, notInTests }) => {
        const isMeant = (piece.isComment || !(onlyAtStart || onlyInComments)) && !(notInTests && isTest);
        return isMeant && regex.test(piece.text);
      })
      .map(({ name, regex, instead }) => {
        const from = Math.max(0, regex.exec(piece.text).index - 20);
        return `${file}:${piece.line}: ${name}: …${piece.text.slice(from, from + 110)} (${instead})`;
      }),
  );
}
