import type { Camera } from '@wetink/canvas';
import { describe, expect, it } from 'vitest';
import { ASK_EVERY_MS, Invitations, PAUSE_MS } from './invitations.ts';
import { Following, LEFT_AFTER_MS, type FollowEnd } from './following.ts';

const size = { width: 1_000, height: 500 };
const ME = 1;
const BEN = 2;

/** A board with others on it whose states the test sets, and a stage that only has a camera. */
function setup() {
  const states = new Map<number, unknown>([[ME, { user: { id: 'me', name: 'Me' } }]]);
  const presence = new Set<() => void>();
  const stageListeners = new Set<() => void>();
  const timers: { run: () => void; at: number }[] = [];
  const ends: FollowEnd[] = [];
  let now = 0;
  let state = { camera: { x: 0, y: 0, zoom: 1 } as Camera, isBusy: false };
  let announced: Record<string, unknown> = {};
  const tell = (): void => presence.forEach((listener) => listener());
  const stage = {
    get state() {
      return state;
    },
    size,
    setCamera(camera: Camera) {
      state = { ...state, camera: { ...camera } };
      stageListeners.forEach((listener) => listener());
    },
    onState(listener: () => void) {
      stageListeners.add(listener);
      return () => stageListeners.delete(listener);
    },
  };
  const session = {
    me: { id: 'me', name: 'Me' },
    room: { awareness: { clientID: ME, getStates: () => states } },
    board: { page: '', pages: () => [{ id: '' }, { id: 'Zz0000001' }] },
    showPage(page: string) {
      session.board.page = page;
    },
    announce(change: Record<string, unknown>) {
      announced = { ...announced, ...change };
      states.set(ME, { user: { id: 'me', name: 'Me' }, ...announced });
      tell();
    },
    onPresence(listener: () => void) {
      presence.add(listener);
      return () => presence.delete(listener);
    },
  };
  const environment = {
    now: () => now,
    requestFrame: () => () => undefined,
    isStill: () => true,
    schedule(run: () => void, delayMs: number) {
      const timer = { run, at: now + delayMs };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  };
  const following = new Following({
    session: session as never,
    stage: stage as never,
    environment,
    onEnd: (_, end) => void ends.push(end),
  });
  return {
    following,
    session,
    stage,
    ends,
    announced: () => announced,
    camera: () => state.camera,
    say(clientId: number, id: string, more: object | null = {}) {
      if (more === null) states.delete(clientId);
      else states.set(clientId, { user: { id, name: id }, ...more });
      tell();
    },
    draw() {
      state = { ...state, isBusy: true };
      stageListeners.forEach((listener) => listener());
    },
    pass(ms: number) {
      now += ms;
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.run();
      }
      tell();
    },
  };
}

const view = { x: 100, y: 200, w: 500, h: 250 };

describe('following', () => {
  it('my camera shows the view that the leader tells, also at the end of a chain', () => {
    const { following, say, camera } = setup();
    say(BEN, 'ben', { follows: 3 });
    say(3, 'cy', { view });
    expect(following.follow(BEN)).toBe(true);
    expect(camera()).toEqual({ x: 100, y: 200, zoom: 2 });
    say(3, 'cy', { view: { ...view, x: 900 } });
    expect(camera().x).toBe(900);
  });

  it('a pan of my own and a stroke end it; my view is then mine', () => {
    const { following, say, stage, draw, ends, camera, announced } = setup();
    say(BEN, 'ben', { view });
    following.follow(BEN);
    stage.setCamera({ x: 5, y: 5, zoom: 1 });
    expect(following.followed).toBeNull();
    expect(announced()['follows']).toBeUndefined();
    say(BEN, 'ben', { view: { ...view, x: 7_000 } });
    expect(camera().x).toBe(5);
    following.follow(BEN);
    draw();
    expect(following.followed).toBeNull();
    expect(ends).toEqual(['own', 'own']);
  });

  it('a person who follows me, directly or through others, cannot be followed', () => {
    const { following, say } = setup();
    say(BEN, 'ben', { follows: 3 });
    say(3, 'cy', { follows: ME });
    expect(following.follow(BEN)).toBe(false);
    expect(following.followed).toBeNull();
  });

  it('two who followed each other in the same moment: the lower client lets go and leads', () => {
    const { following, say, ends, announced } = setup();
    say(BEN, 'ben');
    following.follow(BEN);
    say(BEN, 'ben', { follows: ME });
    expect(ends).toEqual(['ring']);
    expect(announced()['view']).toEqual({ x: 0, y: 0, w: 1_000, h: 500 });
  });

  it('a leader who reloads is followed on, one who stays away is not', () => {
    const { following, say, pass, ends } = setup();
    say(BEN, 'ben', { view });
    following.follow(BEN);
    say(BEN, 'ben', null);
    pass(LEFT_AFTER_MS / 2);
    say(9, 'ben', { view });
    pass(LEFT_AFTER_MS);
    expect(following.followed?.clientId).toBe(9);
    say(9, 'ben', null);
    pass(LEFT_AFTER_MS);
    expect(ends).toEqual(['left']);
  });

  it('I announce my view while somebody follows, and not otherwise', () => {
    const { following, say, stage, announced } = setup();
    stage.setCamera({ x: 50, y: 0, zoom: 1 });
    expect(announced()['view']).toBeUndefined();
    say(BEN, 'ben', { follows: ME });
    expect(announced()['view']).toMatchObject({ x: 50 });
    expect(following.followers).toEqual(['ben']);
    stage.setCamera({ x: 60, y: 0, zoom: 1 });
    expect(announced()['view']).toMatchObject({ x: 60 });
    say(BEN, 'ben');
    expect(announced()['view']).toBeUndefined();
  });

  it('those who accepted a presentation follow until it ends; those who follow anyway go on', () => {
    const accepted = setup();
    accepted.say(BEN, 'ben', { presents: 'p', view });
    accepted.following.follow(BEN, 'p');
    accepted.say(BEN, 'ben', { view });
    expect(accepted.ends).toEqual(['over']);
    const own = setup();
    own.say(BEN, 'ben', { presents: 'p', view });
    own.following.follow(BEN);
    own.say(BEN, 'ben', { view });
    expect(own.ends).toEqual([]);
  });
});

describe('invitations to a presentation', () => {
  function invited() {
    const world = setup();
    const shown = new Map<number, string>();
    let now = 0;
    let next = 0;
    new Invitations({
      session: world.session as never,
      toasts: {
        ask(text) {
          shown.set(++next, text);
          return next;
        },
        dismiss: (id) => void shown.delete(id),
      },
      now: () => now,
      accept: () => undefined,
    });
    return { ...world, shown, asked: () => next, wait: (ms: number) => (now += ms) };
  }

  it('each presentation asks once, and takes its question back when it ends', () => {
    const { say, shown, asked } = invited();
    say(BEN, 'Ben', { presents: 'p' });
    say(BEN, 'Ben', { presents: 'p', cursor: { x: 1, y: 1 } });
    expect([...shown.values()]).toEqual(['Ben asks everyone to follow.']);
    say(BEN, 'Ben');
    expect(shown.size).toBe(0);
    expect(asked()).toBe(1);
  });

  it('a client that presents anew all the time asks every 30 s, and a hundred that do so ask one at a time', () => {
    const { say, shown, asked, wait } = invited();
    for (let i = 0; i < 100; i++) say(BEN, 'Ben', { presents: `p${i}` });
    expect(asked()).toBe(1);
    wait(ASK_EVERY_MS);
    say(BEN, 'Ben', { presents: 'later' });
    expect(asked()).toBe(2);
    for (let i = 0; i < 100; i++) say(100 + i, `n${i}`, { presents: 'p' });
    expect(asked()).toBe(2);
    wait(PAUSE_MS);
    say(BEN, 'Ben', { presents: 'later' });
    expect(asked()).toBe(3);
    expect(shown.size).toBe(1);
  });
});
