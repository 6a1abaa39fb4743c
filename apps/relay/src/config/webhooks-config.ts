/** Reads whether boards may have webhooks. Pure. */

import type { Option, OptionReader } from './options.ts';

export const webhooks: Option = {
  flag: '--webhooks',
  variable: 'WETINK_WEBHOOKS',
  value: 'HOW',
  byDefault: 'on',
  text: 'Whether boards send events to addresses that their owners name: on or off. WETINK_LIMIT_BOARD_WEBHOOKS: at most this many a board (5).',
};

export function parseWebhooks({ mistakes, read }: Pick<OptionReader, 'mistakes' | 'read'>): boolean {
  const { value, source } = read(webhooks);
  if (value !== 'on' && value !== 'off') mistakes.push(`${source} is ${JSON.stringify(value)}: it must be on or off`);
  return value === 'on';
}
