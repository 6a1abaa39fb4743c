import { describe, expect, it } from 'vitest';
import { NAME_REST_MS, PeerCursors, SAID_FADE_MS, SAID_TTL_MS, type Peer } from './peer-cursors.ts';

const ben = (cursor: Peer['cursor'], clientId = 1): Peer => ({ clientId, userId: 'ben', name: 'Ben', cursor, hue: 3, ringPieces: 0 });
const moving = { isStill: false };

describe('cursors of others', () => {
  it('[K1] a cursor glides to the newest sample and stays there', () => {
    const peers = new PeerCursors();
    peers.set([ben({ x: 0, y: 0 })], 0);
    peers.set([ben({ x: 100, y: 0 })], 100);
    const half = peers.sample(150, moving);
    expect(half.cursors[0]?.at).toEqual({ x: 50, y: 0 });
    expect(half.isMoving).toBe(true);
    expect(peers.sample(250, moving).cursors[0]?.at).toEqual({ x: 100, y: 0 });
    expect(peers.sample(250, moving).isMoving).toBe(false);
  });

  it('[K1] a cursor never jumps: when a sample arrives during a glide, the next glide starts where the cursor is shown', () => {
    const peers = new PeerCursors();
    peers.set([ben({ x: 0, y: 0 })], 0);
    peers.set([ben({ x: 100, y: 0 })], 100);
    peers.set([ben({ x: 100, y: 100 })], 150);
    expect(peers.sample(150, moving).cursors[0]?.at).toEqual({ x: 50, y: 0 });
  });

  it('[K1] with reduced motion a cursor moves at once and does not fade', () => {
    const peers = new PeerCursors();
    peers.set([ben({ x: 0, y: 0 })], 0);
    peers.set([ben({ x: 100, y: 0 })], 100);
    const { cursors, isMoving } = peers.sample(110, { isStill: true });
    expect(cursors[0]?.at).toEqual({ x: 100, y: 0 });
    expect(isMoving).toBe(false);
  });

  it('[K2] a name fades 2 s after its cursor came to rest, and no frame is requested until then', () => {
    const peers = new PeerCursors();
    peers.set([ben({ x: 0, y: 0 })], 0);
    const resting = peers.sample(1000, moving);
    expect(resting).toMatchObject({ isMoving: false, nextChangeMs: NAME_REST_MS - 1000 });
    expect(resting.cursors[0]?.nameOpacity).toBe(1);
    expect(peers.sample(2150, moving).cursors[0]?.nameOpacity).toBeCloseTo(0.5);
    const faded = peers.sample(2400, moving);
    expect(faded.cursors[0]?.nameOpacity).toBe(0);
    expect(faded).toMatchObject({ isMoving: false, nextChangeMs: null });
    // The same position again is no movement.
    peers.set([ben({ x: 0, y: 0 })], 2500);
    expect(peers.sample(2500, moving).cursors[0]?.nameOpacity).toBe(0);
  });

  it('[K2] when a person leaves, the cursor fades and is gone within 3 s; when the person returns, it is shown at once', () => {
    const peers = new PeerCursors();
    peers.set([ben({ x: 0, y: 0 }), ben({ x: 5, y: 5 }, 2)], 0);
    expect(peers.set([ben({ x: 0, y: 0 })], 1000)).toEqual({ came: [], left: [2] });
    const fading = peers.sample(1300, moving).cursors.find((cursor) => cursor.clientId === 2);
    expect(fading?.opacity).toBeGreaterThan(0);
    expect(fading?.opacity).toBeLessThan(1);
    expect(peers.sample(1000 + 2999, moving).cursors.map((cursor) => cursor.clientId)).toEqual([1]);
    peers.set([ben({ x: 9, y: 9 }, 2)], 5000);
    expect(peers.sample(5000, moving).cursors.find((cursor) => cursor.clientId === 2)).toMatchObject({ at: { x: 9, y: 9 }, opacity: 1 });
  });

  it('when a pointer leaves the board its cursor fades, but the person stays in the list', () => {
    const peers = new PeerCursors();
    peers.set([ben({ x: 0, y: 0 })], 0);
    expect(peers.set([ben(null)], 100)).toEqual({ came: [], left: [] });
    expect(peers.sample(3000, moving).cursors).toEqual([]);
    expect(peers.set([], 4000)).toEqual({ came: [], left: [1] });
  });

  it('[K4] words stay while they are announced, fade when they are withdrawn, and no frame is requested in between', () => {
    const peers = new PeerCursors();
    const says = (said: string): Peer => ({ ...ben({ x: 0, y: 0 }), said });
    peers.set([says('Look here')], 0);
    expect(peers.sample(5_000, moving)).toMatchObject({
      cursors: [{ said: 'Look here', saidOpacity: 1 }],
      isMoving: false,
      nextChangeMs: SAID_TTL_MS - 5_000,
    });
    peers.set([says('')], 6_000);
    const fading = peers.sample(6_000 + SAID_FADE_MS / 2, moving);
    expect(fading.cursors[0]).toMatchObject({ said: 'Look here' });
    expect(fading.cursors[0]?.saidOpacity).toBeCloseTo(0.5);
    expect(fading.isMoving).toBe(true);
    expect(peers.sample(6_000 + SAID_FADE_MS, moving)).toMatchObject({ cursors: [{ said: '', saidOpacity: 0 }], isMoving: false });
  });

  it('[K4] words that nobody withdraws end 20 s after their last change', () => {
    const peers = new PeerCursors();
    const says = (said: string): Peer => ({ ...ben({ x: 0, y: 0 }), said });
    peers.set([says('Look')], 0);
    peers.set([says('Look here')], 10_000);
    // A moving cursor is no change of the words.
    peers.set([{ ...says('Look here'), cursor: { x: 50, y: 0 } }], 20_000);
    expect(peers.sample(10_000 + SAID_TTL_MS - 1, moving).cursors[0]?.saidOpacity).toBe(1);
    expect(peers.sample(10_000 + SAID_TTL_MS + SAID_FADE_MS, moving).cursors[0]?.said).toBe('');
  });
});
