/**
 * The light markdown of chat messages, read into plain values that a component shows as text. There is no HTML in it, and a
 * link leads to http, https or mailto.
 *
 *     **bold**  *italic*  _italic_  ~~strike~~  `code`  [words](https://…)  https://…  @Name
 *     ``` … ```      - item      1. item
 *
 * Each character is looked at a bounded number of times, whatever the text: a sign that closes nothing stays a sign.
 */
import { linkWords, otherAddress } from './link-words.ts';

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold'; readonly parts: readonly Inline[] }
  | { readonly kind: 'italic'; readonly parts: readonly Inline[] }
  | { readonly kind: 'strike'; readonly parts: readonly Inline[] }
  /** `address` is where it leads, to be shown beside words that could be taken for another address; else null. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly address: string | null }
  | { readonly kind: 'mention'; readonly text: string; readonly isMe: boolean };

export type Block =
  | { readonly kind: 'text'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Inline[])[] };

type Mark = 'bold' | 'italic' | 'strike';

/** A person whom the text mentions, as `@` and this name. */
export interface Mentioned {
  readonly name: string;
  readonly isMe: boolean;
}

const FENCE = /^```/;
const ITEM = /^(?:[-*•]|(\d{1,9})[.)]) +(?=\S)/;
const ADDRESS = /(?:https?:\/\/|mailto:)[^\s<>"`\u2066-\u2069\u202a-\u202e]{1,2000}/y;
const LINK = /\[([^[\]\n]{1,200})\]\(((?:https?:\/\/|mailto:)[^\s()<>"`]{1,2000})\)/y;
const WORD = /[\p{L}\p{N}_]/u;
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

export function parseMarkdown(text: string, mentioned: readonly Mentioned[] = []): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  const plain: string[] = [];
  /** The list that the line before belongs to. */
  let items: { kind: 'list'; start: number | null; items: Inline[][] } | null = null;
  const endText = (): void => {
    if (plain.length > 0) blocks.push({ kind: 'text', parts: parseInline(plain.splice(0).join('\n'), mentioned) });
  };
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n] as string;
    if (FENCE.test(line)) {
      endText();
      items = null;
      const code: string[] = [];
      // Without an end, the rest of the message is code.
      while (++n < lines.length && !FENCE.test(lines[n] as string)) code.push(lines[n] as string);
      blocks.push({ kind: 'code', text: code.join('\n') });
      continue;
    }
    const item = ITEM.exec(line);
    if (item === null) {
      items = null;
      plain.push(line);
      continue;
    }
    endText();
    const parts = parseInline(line.slice(item[0].length), mentioned);
    const start = item[1] === undefined ? null : Number(item[1]);
    if (items === null || (items.start === null) !== (start === null)) blocks.push((items = { kind: 'list', start, items: [] }));
    items.items.push(parts);
  }
  endText();
  return blocks;
}

/** The words without their marks, in one line. */
export function plainText(text: string): string {
  const lines = parseMarkdown(text).map((block) => {
    if (block.kind === 'code') return block.text;
    return block.kind === 'text' ? wordsOf(block.parts) : block.items.map(wordsOf).join(' ');
  });
  return lines.join(' ').replace(/\s+/g, ' ').trim();
}

function wordsOf(parts: readonly Inline[]): string {
  return parts.map((part) => ('parts' in part ? wordsOf(part.parts) : part.text)).join('');
}

interface Open {
  readonly mark: Mark | null;
  readonly sign: string;
  readonly parts: Inline[];
}

function parseInline(text: string, mentioned: readonly Mentioned[]): Inline[] {
  const reader = new InlineReader(text, mentioned);
  return reader.read();
}

/** Reads from left to right with a stack of the marks that are open: each of the three at most once. */
class InlineReader {
  readonly #text: string;
  readonly #mentioned: readonly Mentioned[];
  readonly #stack: Open[] = [{ mark: null, sign: '', parts: [] }];
  #plain = '';
  #at = 0;
  /** Signs that may still begin a mention: each is compared with every name. */
  #mentionsLeft = 200;
  /** No further backtick follows: do not look for one again. */
  #hasNoTicks = false;

  constructor(text: string, mentioned: readonly Mentioned[]) {
    this.#text = text;
    // The longest name first: "@Ana Maria" is not "@Ana".
    this.#mentioned = [...mentioned].sort((a, b) => b.name.length - a.name.length);
  }

  read(): Inline[] {
    while (this.#at < this.#text.length) this.#step();
    while (this.#stack.length > 1) this.#giveUp();
    this.#endPlain();
    return this.#top.parts;
  }

  get #top(): Open {
    return this.#stack.at(-1) as Open;
  }

  #step(): void {
    const sign = this.#text[this.#at] as string;
    if (sign === '`') return this.#code();
    if (sign === '[' && this.#link()) return;
    if ((sign === 'h' || sign === 'm') && this.#address()) return;
    if (sign === '@' && this.#mention()) return;
    if (sign === '*' || sign === '_' || sign === '~') return this.#sign(sign);
    this.#take(sign);
  }

  #take(text: string): void {
    this.#plain += text;
    this.#at += text.length;
  }
  #put(part: Inline, length: number): true {
    this.#endPlain();
    this.#top.parts.push(part);
    this.#at += length;
    return true;
  }
  #endPlain(): void {
    if (this.#plain !== '') this.#top.parts.push({ kind: 'text', text: this.#plain });
    this.#plain = '';
  }

  #code(): void {
    const end = this.#hasNoTicks ? -1 : this.#text.indexOf('`', this.#at + 1);
    if (end < 0) this.#hasNoTicks = true;
    if (end < 0 || end === this.#at + 1) return this.#take('`');
    this.#put({ kind: 'code', text: this.#text.slice(this.#at + 1, end) }, end + 1 - this.#at);
  }

  #link(): boolean {
    LINK.lastIndex = this.#at;
    const [all, words, address] = LINK.exec(this.#text) ?? [];
    if (all === undefined || words === undefined || address === undefined) return false;
    return this.#putLink(words, address, all.length);
  }

  #address(): boolean {
    if (WORD.test(this.#text[this.#at - 1] ?? '')) return false;
    ADDRESS.lastIndex = this.#at;
    const found = ADDRESS.exec(this.#text)?.[0];
    if (found === undefined) return false;
    const address = withoutTail(found);
    return this.#putLink(address, address, address.length);
  }
  #putLink(words: string, address: string, length: number): boolean {
    const url = URL.parse(address);
    if (url === null || !SCHEMES.has(url.protocol)) return false;
    return this.#put({ kind: 'link', text: linkWords(words, url), href: url.href, address: otherAddress(words, url) }, length);
  }

  #mention(): boolean {
    if (this.#mentionsLeft-- <= 0 || WORD.test(this.#text[this.#at - 1] ?? '')) return false;
    for (const { name, isMe } of this.#mentioned) {
      const end = this.#at + 1 + name.length;
      if (name !== '' && this.#text.startsWith(name, this.#at + 1) && !WORD.test(this.#text[end] ?? ''))
        return this.#put({ kind: 'mention', text: `@${name}`, isMe }, end - this.#at);
    }
    return false;
  }

  #sign(first: string): void {
    const sign = first === '~' || this.#text[this.#at + 1] === first ? first + first : first;
    if (!this.#text.startsWith(sign, this.#at)) return this.#take(first);
    const [before, after] = [this.#text[this.#at - 1] ?? ' ', this.#text[this.#at + sign.length] ?? ' '];
    const mark: Mark = first === '~' ? 'strike' : sign.length === 2 ? 'bold' : 'italic';
    const depth = this.#stack.findLastIndex((open) => open.sign === sign);
    if (depth > 0 && !/\s/.test(before) && (sign.length === 2 || !WORD.test(after))) return this.#close(depth, mark);
    const mayOpen = !/\s/.test(after) && (sign.length === 2 || !WORD.test(before)) && !this.#stack.some((open) => open.mark === mark);
    if (!mayOpen) return this.#take(sign);
    this.#endPlain();
    this.#stack.push({ mark, sign, parts: [] });
    this.#at += sign.length;
  }

  #close(depth: number, mark: Mark): void {
    while (this.#stack.length - 1 > depth) this.#giveUp();
    this.#endPlain();
    const { sign, parts } = this.#stack.pop() as Open;
    if (parts.length === 0) this.#plain += sign + sign;
    else this.#top.parts.push({ kind: mark, parts });
    this.#at += sign.length;
  }

  /** A sign that nothing closed is text. */
  #giveUp(): void {
    this.#endPlain();
    const { sign, parts } = this.#stack.pop() as Open;
    this.#top.parts.push({ kind: 'text', text: sign }, ...parts);
  }
}

/** An address ends before the punctuation of its sentence, and before a bracket that it did not open. */
function withoutTail(address: string): string {
  let end = address.length;
  let opened = 0;
  for (const sign of address) opened += sign === '(' ? 1 : sign === ')' ? -1 : 0;
  while (end > 0) {
    const last = address[end - 1] as string;
    if (last === ')' && opened < 0) opened++;
    else if (!/[.,;:!?'"*_~\]]/.test(last)) break;
    end--;
  }
  return address.slice(0, end);
}
