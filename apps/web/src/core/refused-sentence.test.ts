import { expect, it } from 'vitest';
import { refusedSentence } from './refused-sentence.ts';

it.each([
  [
    1,
    'DOCUMENT_TOO_LARGE',
    true,
    '1 message was not sent: this conversation is full. Begin a new one to go on. It is kept on this device.',
  ],
  [2, 'MALFORMED', true, '2 messages were not sent: the server did not take that. They are kept on this device.'],
  [1, 'READ_ONLY', false, '1 message was not sent: you may not write here now. It is only in this tab: keep this page open.'],
  [
    null,
    'toString',
    true,
    'The last that was written here on this device was not sent: the server did not take that. It is kept on this device. Your words in it are shown here once the server says what it has.',
  ],
] as const)('%s messages, %s, on the device: %s', (count, code, onDevice, sentence) => {
  expect(refusedSentence(count, code, { onDevice })).toBe(sentence);
});
