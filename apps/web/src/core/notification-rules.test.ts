import { expect, it } from 'vitest';
import { alertsSentence } from './notification-rules.ts';

it('the sentence for a browser without notifications names https, and the home screen, which iPhones ask for', () => {
  expect(alertsSentence({ areOn: false, permission: 'unavailable', push: null })).toMatch(/https.*iPhone.*home screen/);
});

it('the sentence about a device promises a closed page only where pushes are set up', () => {
  const on = { permission: 'granted', areOn: true } as const;
  expect(alertsSentence({ ...on, push: 'registered' })).toContain('while this page is closed');
  for (const push of ['none', 'failed', null] as const) {
    expect(alertsSentence({ ...on, push })).toContain('while this page is open');
    expect(alertsSentence({ ...on, push })).not.toContain('closed');
  }
  for (const permission of ['denied', 'default', 'unavailable'] as const)
    expect(alertsSentence({ permission, areOn: false, push: null })).not.toContain('Shown');
});
