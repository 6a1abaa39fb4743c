import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { Browser } from '../testing/push-service.ts';
import { encryptFor } from './push.ts';
import { isVapidPair, makeVapidKeys } from './vapid.ts';

describe('encryption', () => {
  it('the browser of the tests reads the example of RFC 8291, appendix A', () => {
    const browser = new Browser('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'BTBZMqHH6r4Tts7J_aSIgg');
    expect(browser.p256dh).toBe('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4');
    const message =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
    expect(browser.decrypt(Buffer.from(message, 'base64url')).toString()).toBe('When I grow up, I want to be a watermelon');
  });

  it('a payload is for one browser alone, and different each time', () => {
    const [ana, ben] = [new Browser(), new Browser()];
    const keys = { p256dh: ana.p256dh, auth: ana.auth.toString('base64url') };
    const payload = new TextEncoder().encode('{"text":"čau 👋"}');
    const [first, second] = [encryptFor(keys, payload), encryptFor(keys, payload)];
    expect(ana.decrypt(first)).toEqual(Buffer.from(payload));
    expect(first.equals(second)).toBe(false);
    expect(first.toString('latin1')).not.toContain('text');
    expect(() => ben.decrypt(first)).toThrow();
    expect(() => new Browser(undefined, 'AAAAAAAAAAAAAAAAAAAAAA').decrypt(first)).toThrow();
  });
});

describe('keys', () => {
  it('a new pair is a pair, another is not', () => {
    const [one, two] = [makeVapidKeys(), makeVapidKeys()];
    expect([isVapidPair(one), isVapidPair({ ...one, privateKey: two.privateKey })]).toEqual([true, false]);
    for (const privateKey of ['', 'x', 'A'.repeat(43), `${one.privateKey}=`]) expect(isVapidPair({ ...one, privateKey })).toBe(false);
  });

  const keys = makeVapidKeys();
  const good = { WETINK_VAPID_PUBLIC: keys.publicKey, WETINK_VAPID_PRIVATE: keys.privateKey, WETINK_VAPID_SUBJECT: 'mailto:ops@a.example' };
  const read = (env: Record<string, string>): unknown => {
    const parsed = parseConfig([], env);
    return parsed.kind === 'run' ? parsed.config.push : parsed.kind === 'mistakes' ? parsed.mistakes : parsed.kind;
  };

  it('are read from the configuration', () => {
    expect(read({})).toEqual({ vapid: null, allowsPrivateTargets: false });
    expect(read({ ...good, WETINK_PRIVATE_TARGETS: 'allow' })).toEqual({
      vapid: { ...keys, subject: 'mailto:ops@a.example' },
      allowsPrivateTargets: true,
    });
    expect(parseConfig(['vapid-keys'], {})).toEqual({ kind: 'vapid-keys' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['no private key', { WETINK_VAPID_PRIVATE: '' }, 'WETINK_VAPID_PRIVATE is not set: Web Push needs both keys and a subject'],
    [
      'the key of another pair',
      { WETINK_VAPID_PRIVATE: makeVapidKeys().privateKey },
      'WETINK_VAPID_PUBLIC and WETINK_VAPID_PRIVATE are no pair: make one with wetink-relay vapid-keys',
    ],
    [
      'a subject that is no address',
      { WETINK_VAPID_SUBJECT: 'ops' },
      'WETINK_VAPID_SUBJECT must be mailto: and an e-mail address, or an https:// address',
    ],
    ['an unknown word', { WETINK_PRIVATE_TARGETS: 'yes' }, 'WETINK_PRIVATE_TARGETS is "yes": it must be refuse or allow'],
  ])('%s ends the start with a sentence', (_, env, mistake) => expect(read({ ...good, ...env })).toEqual([mistake]));
});
