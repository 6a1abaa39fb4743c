import { describe, expect, it } from 'vitest';
import { backoffMs, uploadOutcome, type UploadAnswer } from './upload-answer.ts';

const answered = (status: number, code = '', retryAfterMs: number | null = null): UploadAnswer => ({
  kind: 'answered',
  status,
  code,
  retryAfterMs,
});

describe('after trying to send an image', () => {
  it('it is there when the server took it or had it already', () => {
    for (const status of [200, 201]) expect(uploadOutcome(answered(status), 3, 0.5)).toEqual({ kind: 'sent' });
  });

  it('a refusal of the image or the person is final', () => {
    for (const [status, code] of [
      [413, 'blob_quota'],
      [413, 'body_too_large'],
      [413, ''],
      [415, 'blob_type'],
      [403, 'read_only'],
      [410, 'board_erased'],
      [400, 'blob_hash'],
    ] as const)
      expect(uploadOutcome(answered(status, code), 0, 0)).toEqual({ kind: 'refused', code });
  });

  it('anything else is tried again later: no network, a busy server, a board that is not claimed yet, a proxy’s page', () => {
    const later = [
      { kind: 'unreachable' } as const,
      answered(503, 'busy'),
      answered(429, 'rate_limited'),
      answered(404, 'board_not_found'),
      answered(502),
      answered(404),
    ];
    for (const answer of later) expect(uploadOutcome(answer, 0, 0.5)).toMatchObject({ kind: 'later', needsFreshToken: false });
    expect(uploadOutcome(answered(401, 'token_expired'), 0, 0.5)).toMatchObject({ kind: 'later', needsFreshToken: true });
  });

  it('an answer about the network, the server or the board keeps all waiting, one about a single image only that one', () => {
    const isOfAll = (answer: UploadAnswer): unknown => ({ isOfAll: null, ...uploadOutcome(answer, 0, 0.5) }).isOfAll;
    const all = [answered(401), answered(429), answered(502), answered(503, 'busy'), answered(404, 'board_not_found')];
    expect([{ kind: 'unreachable' } as const, ...all].map(isOfAll)).toEqual(Array.from({ length: 6 }, () => true));
    expect([answered(507, 'store_full'), answered(404, 'not_found'), answered(500), answered(400)].map(isOfAll)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('the wait doubles up to a minute, is never shorter than the server asks, and differs between clients', () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(backoffMs(50, 1)).toBe(60_000);
    expect(backoffMs(50, 0)).toBe(30_000);
    expect(uploadOutcome(answered(503, 'busy', 20_000), 0, 0)).toMatchObject({ afterMs: 20_000 });
  });
});
