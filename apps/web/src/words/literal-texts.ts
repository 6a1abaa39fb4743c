/**
 * Finds texts for people that are written into the code instead of messages/en.json. For tests alone.
 *
 * In components every text between tags counts, and every attribute that is read. In code a string counts that has two words, or
 * is one capitalized word; so does a template with a word of its own. Strings that are compared, keys of events, errors that
 * nobody reads and names of what the platform has do not count.
 */
import { parse } from 'svelte/compiler';
import ts from 'typescript';

export interface LiteralText {
  readonly line: number;
  readonly text: string;
}

const readAttribute =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|label|title|placeholder|alt|text|description|sentence|question|yes|no|note|data-tip|\w+Label|\w+Sentence)$/;
/** Values of `KeyboardEvent.key`, and names that are the same everywhere. */
const names = new Set(
  'Escape Enter Tab Backspace Delete Home End Shift Control Alt Meta Fn Dead Process Digit Mod Aa Wetink Authorization Tools View Edit'.split(
    ' ',
  ),
);
const unread =
  /^(console\.\w+|.*\.(startsWith|endsWith|includes|querySelector(All)?|closest|matches|getElementById|addEventListener|split|join|read|write|remove|append|setAttribute|toLocaleString))$/;

export function literalTexts(file: string, source: string): LiteralText[] {
  const found: LiteralText[] = [];
  const add = (position: number, text: string): void => {
    found.push({ line: source.slice(0, position).split('\n').length, text: text.trim().replaceAll(/\s+/g, ' ') });
  };
  if (file.endsWith('.svelte')) inComponent(source, add);
  else inCode(source, 0, add);
  return found;
}

type Add = (position: number, text: string) => void;
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly name?: string;
  readonly data?: string;
  readonly [key: string]: unknown;
}

function inComponent(source: string, add: Add): void {
  const root = parse(source, { modern: true });
  for (const script of [root.module, root.instance]) {
    if (!script) continue;
    const { start, end } = script.content as unknown as Node;
    inCode(source.slice(start, end), start, add);
  }
  const visit = (node: unknown, attribute: string | null): void => {
    if (Array.isArray(node)) return node.forEach((one) => visit(one, attribute));
    if (!isNode(node)) return;
    if (node.type === 'StyleDirective') return;
    if (node.type === 'Text') {
      const isRead = attribute === null || readAttribute.test(attribute);
      if (isRead && /\p{L}{2}/u.test(node.data ?? '') && !names.has((node.data ?? '').trim()) && node.data !== 'https://')
        add(node.start, node.data ?? '');
      return;
    }
    if (node.type === 'ExpressionTag' || node.type === 'IfBlock' || node.type === 'EachBlock' || node.type === 'KeyBlock') {
      const { expression, test } = node as { expression?: Node; test?: Node };
      const { start, end } = expression ?? test ?? node;
      const isMarkup = attribute !== null && /^(class|style|d|href|src|id|type|role|viewBox|data-testid)$/.test(attribute);
      if (!isMarkup) inCode(`(${source.slice(start, end)})`, start - 1, add);
      if (node.type === 'ExpressionTag') return;
    }
    for (const [key, value] of Object.entries(node)) {
      if (!['expression', 'test', 'css', 'instance', 'module', 'options'].includes(key))
        visit(value, node.type === 'Attribute' ? (node.name ?? null) : key === 'attributes' || key === 'fragment' ? null : attribute);
    }
  };
  visit(root.fragment, null);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function inCode(code: string, offset: number, add: Add): void {
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isCallExpression(node) && /^console\./.test(node.expression.getText())) return;
    if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) return;
    if (ts.isStringLiteralLike(node)) {
      if (isText(node.text) && !isNoText(node)) add(offset + node.getStart(), node.text);
    } else if (ts.isTemplateExpression(node)) {
      const own = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
      if (
        !markup.test(own.join('…')) &&
        own.some((part) => /(^|[\s“(])\p{L}{2,}([\s,.:;!?…”)]|$)/u.test(part) && /\s/.test(part) && !/^(px|rad)?\s/.test(part)) &&
        !isNoText(node)
      )
        add(offset + node.getStart(), node.getText());
    }
    ts.forEachChild(node, visit);
  };
  const setParentNodes = true;
  visit(ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, setParentNodes));
}

/** Queries of media and of elements, lengths, and parts of styles and of commands. */
const markup = /^\(|^translate\(|^\w+, \w+(,|\[)|^noopener |^-[Hd] '|^curl |^Bearer /;

function isText(text: string): boolean {
  if (names.has(text) || markup.test(text)) return false;
  return /\p{L}{2,}[,:]? \p{L}{2,}/u.test(text) || /^\d+ \p{L}{2,}/u.test(text) || /^\p{Lu}\p{Ll}+[.…?!:]?$/u.test(text.trim());
}

function isNoText(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return /^[!=]==$/.test(parent.operatorToken.getText());
  if (ts.isPropertyAssignment(parent)) return parent.name === node;
  if (ts.isCallExpression(parent)) return unread.test(parent.expression.getText());
  return ts.isCaseClause(parent) || ts.isElementAccessExpression(parent) || (ts.isPropertyName(node) && ts.isPropertySignature(parent));
}
