import { expect, it } from 'vitest';
import { parseMarkdown, plainText, type Block, type Inline } from './markdown.ts';

/** As markup that shows the nesting. */
const shown = (parts: readonly Inline[]): string =>
  parts
    .map((part) => {
      if (part.kind === 'link') return `<a ${part.href}>${part.text}</a>${part.address === null ? '' : ` (${part.address})`}`;
      if (part.kind === 'mention') return `<@${part.isMe ? 'me' : ''}>${part.text}</@>`;
      if ('parts' in part) return `<${part.kind}>${shown(part.parts)}</${part.kind}>`;
      return part.kind === 'code' ? `<code>${part.text}</code>` : part.text;
    })
    .join('');
const whole = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => {
      if (block.kind === 'code') return `<pre>${block.text}</pre>`;
      if (block.kind === 'text') return shown(block.parts);
      return `<list ${String(block.start)}>${block.items.map((item) => `<item>${shown(item)}</item>`).join('')}</list>`;
    })
    .join('|');

it.each([
  ['plain text', 'plain text'],
  [
    '**bold** and *it* and _it_ and ~~gone~~',
    '<bold>bold</bold> and <italic>it</italic> and <italic>it</italic> and <strike>gone</strike>',
  ],
  ['**bold *and italic* words**', '<bold>bold <italic>and italic</italic> words</bold>'],
  ['`**code**` stays', '<code>**code**</code> stays'],
  ['2*3*4, snake_case_name, * star *, ** no **', '2*3*4, snake_case_name, * star *, ** no **'],
  ['**open and *never closed', '**open and *never closed'],
  ['*a **b* c**', '<italic>a **b</italic> c**'],
  ['`one tick, ``, ~~', '<code>one tick, </code>`, ~~'],
  ['see https://example.org/a_(b)?q=1. Bye', 'see <a https://example.org/a_(b)?q=1>https://example.org/a_(b)?q=1</a>. Bye'],
  ['(https://example.org/)', '(<a https://example.org/>https://example.org/</a>)'],
  [
    '[the plan](https://example.org/plan) mailto:ana@example.org',
    '<a https://example.org/plan>the plan</a> <a mailto:ana@example.org>mailto:ana@example.org</a>',
  ],
  ['[https://bank.example](https://evil.example/)', '<a https://evil.example/>https://bank.example</a> (https://evil.example/)'],
  ['[bank.example](https://evil.example/)', '<a https://evil.example/>bank.example</a> (https://evil.example/)'],
  ['[log\u202e in](https://evil.example/\u202e)', '<a https://evil.example/%E2%80%AE>log in</a>'],
  [
    'https://bank.example@evil.example/',
    '<a https://bank.example@evil.example/>https://bank.example@evil.example/</a> (https://evil.example/)',
  ],
  ['[x](javascript:alert(1)) javascript:alert(1) data:text/html,x', '[x](javascript:alert(1)) javascript:alert(1) data:text/html,x'],
  ['https://', 'https://'],
  ['<b>no</b> <script>x</script>', '<b>no</b> <script>x</script>'],
  ['two\nlines', 'two\nlines'],
  ['before\n- one\n- **two**\nafter', 'before|<list null><item>one</item><item><bold>two</bold></item></list>|after'],
  ['3. three\n4. four\n- other', '<list 3><item>three</item><item>four</item></list>|<list null><item>other</item></list>'],
  ['a\n```js\nif (*x*) {}\n```\nb', 'a|<pre>if (*x*) {}</pre>|b'],
  ['```\nnever closed', '<pre>never closed</pre>'],
])('%j', (text, expected) => {
  expect(whole(parseMarkdown(text))).toBe(expected);
});

it('mentions are those of the message, the longest name first, and not within a word', () => {
  const mentioned = [
    { name: 'Ana', isMe: true },
    { name: 'Ana Maria', isMe: false },
  ];
  const text = '@Ana, @Ana Maria and @Anatol, ana@Ana @Ben';
  expect(whole(parseMarkdown(text, mentioned))).toBe('<@me>@Ana</@>, <@>@Ana Maria</@> and @Anatol, ana@Ana @Ben');
});

it.each([
  '*',
  '**',
  '_',
  '~~',
  '`',
  '[',
  '](',
  '[x](https://',
  'https://',
  'h',
  '@',
  '- ',
  '- a\n',
  '1. b\n',
  'https://% ',
  '```\n',
  '*a',
  'a*b ',
  '(',
  '*_~~',
  '\u202e',
])('a text of %j over and over is read in time', (piece) => {
  // Fifty times as long as a message: work that grows with the square of the length would take minutes.
  const text = piece.repeat(Math.floor(200_000 / piece.length));
  const mentioned = Array.from({ length: 50 }, (_, n) => ({ name: `${'@'.repeat(20)}${n}`, isMe: false }));
  // Work, and not the clock on the wall, which also counts what a busy machine does meanwhile.
  const before = process.cpuUsage();
  parseMarkdown(text, mentioned);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
});

it('a quotation has the words without their marks, in one line', () => {
  expect(plainText('**Morning**, see\n- *one*\n- `two` https://a.example\n```\nlet x;\n```')).toBe(
    'Morning, see one two https://a.example let x;',
  );
});
