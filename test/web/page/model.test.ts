import { describe, expect, test } from 'vitest';
import { asksRelay, modelOf, next, type Change, type Model } from '../../../web/page/model.ts';
import { facts } from '../../support/scripted-facts.ts';

const NOW_MS = 1_000_000;
const START = modelOf(facts(), 80, NOW_MS, true);

function after(model: Model, ...changes: (Change | [Change, number])[]): Model {
  return changes.reduce<Model>((before, change) => {
    const [what, atMs] = Array.isArray(change) ? change : [change, 0];
    return next(before, what, NOW_MS + atMs);
  }, model);
}
const PRESSED: Change = { type: 'pressed' };
const sound = (
  state: Extract<Change, { type: 'sound' }>['state'],
  way: 'packets' | 'stream' = 'packets',
): Change => ({
  type: 'sound',
  way,
  state,
});
const REACHED: Change = { type: 'answer', answer: { kind: 'facts', facts: facts(), aheadMs: 0 } };

/** It plays, breaks off, and the relay answers. */
const breaks = (atMs: number): [Change, number][] => [
  [sound('playing'), atMs],
  [sound('reconnecting'), atMs],
  [REACHED, atMs],
];
const answerAhead = (aheadMs: number): Change => ({
  type: 'answer',
  answer: { kind: 'facts', facts: facts(), aheadMs },
});

describe('the button', () => {
  test('begins and ends listening', () => {
    const listening = after(START, PRESSED);
    expect(listening.listening).toMatchObject({ way: 'packets', state: 'connecting' });
    expect(after(listening, PRESSED).listening).toBeUndefined();
  });

  test.each(['over', 'unknown'] as const)('does nothing when the podcast is %s', (kind) => {
    expect(after(START, { type: 'answer', answer: { kind } }, PRESSED).listening).toBeUndefined();
  });

  test('forgets who spoke: a name that is taken back later must not stay', () => {
    const told: Change = { type: 'facts', facts: facts({ speakers: [{ ssrc: 1, name: 'Ann' }] }) };
    const listening = after(START, PRESSED, told);
    expect(listening.places).toHaveLength(1);
    expect(after(listening, PRESSED)).toMatchObject({ places: [], facts: { speakers: [] } });
  });
});

describe('the sound', () => {
  test('is followed through its states, and is in trouble while there is none of it', () => {
    const reconnecting = after(START, PRESSED, sound('playing'), [sound('reconnecting'), 5000]);
    expect(reconnecting.listening).toMatchObject({ state: 'reconnecting', troubleSinceMs: NOW_MS + 5000 });
    expect(after(reconnecting, sound('interrupted')).listening?.troubleSinceMs).toBeUndefined();
  });

  test('that has ended ends the listening, for good', () => {
    const ended = after(START, PRESSED, sound('ended'));
    expect(ended).toMatchObject({ listening: undefined, facts: { standing: 'ended' } });
    expect(after(ended, { type: 'facts', facts: facts() }).facts.standing).toBe('ended');
  });

  test('that is refused stops, and can be tried again', () => {
    const refused = after(START, PRESSED, sound('refused'));
    expect(refused).toMatchObject({ listening: undefined, stopped: 'refused' });
    expect(after(refused, PRESSED)).toMatchObject({ stopped: undefined, listening: { state: 'connecting' } });
  });

  test('of the way that was left says nothing any more', () => {
    const fallen = after(START, PRESSED, sound('unable'));
    expect(after(fallen, sound('ended'))).toBe(fallen);
  });
});

describe('the other way is taken', () => {
  test('where packets cannot be, at once, and the next time from the beginning', () => {
    const fallen = after(START, PRESSED, sound('unable'));
    expect(fallen.listening).toMatchObject({ way: 'stream', state: 'connecting' });
    expect(after(fallen, PRESSED, PRESSED).listening?.way).toBe('stream');
  });

  test('and where that cannot be either, it stops and says so', () => {
    const stopped = after(START, PRESSED, sound('unable'), sound('unable', 'stream'));
    expect(stopped).toMatchObject({ listening: undefined, stopped: 'unable' });
  });

  test('after 12 s without sound, if the relay answers', () => {
    const trying = after(START, PRESSED, [REACHED, 1000]);
    expect(after(trying, [{ type: 'tick' }, 11_900]).listening?.way).toBe('packets');
    expect(after(trying, [{ type: 'tick' }, 12_000]).listening?.way).toBe('stream');
  });

  test('not while the relay is out of reach: the other way would fail as well', () => {
    const away: Change = { type: 'answer', answer: { kind: 'unreachable' } };
    expect(after(START, PRESSED, away, [{ type: 'tick' }, 60_000]).listening?.way).toBe('packets');
  });

  test('when it breaks off four times within a minute', () => {
    const thrice = after(START, PRESSED, ...[0, 10_000, 20_000].flatMap(breaks), [{ type: 'tick' }, 20_000]);
    expect(thrice.listening?.way).toBe('packets');
    expect(after(thrice, ...breaks(30_000), [{ type: 'tick' }, 30_000]).listening?.way).toBe('stream');
    expect(after(thrice, ...breaks(90_000), [{ type: 'tick' }, 90_000]).listening?.way).toBe('packets');
  });
});

describe('the relay is asked', () => {
  test('while somebody looks and nothing else tells', () => {
    expect(asksRelay(START, true)).toBe(true);
    expect(asksRelay(START, false)).toBe(false);
  });

  test('while packets are in trouble, seen or unseen, and not while they play', () => {
    const trying = after(START, PRESSED);
    expect(asksRelay(trying, false)).toBe(true);
    expect(asksRelay(after(trying, sound('playing')), true)).toBe(false);
  });

  test('by a stream itself, and never again when it is over', () => {
    expect(asksRelay(after(START, PRESSED, sound('unable')), true)).toBe(false);
    expect(asksRelay(after(START, { type: 'answer', answer: { kind: 'over' } }), true)).toBe(false);
  });

  test('and what it does not say leaves who speaks alone', () => {
    const told: Change = { type: 'facts', facts: facts({ speakers: [{ ssrc: 1, name: 'Ann' }] }) };
    expect(after(START, PRESSED, told, REACHED).places).toHaveLength(1);
  });

  test('and tells a clock that is wrong how late it is', () => {
    expect(after(START, answerAhead(1900)).aheadMs).toBe(0);
    expect(after(START, answerAhead(-60_000)).aheadMs).toBe(-60_000);
  });
});

test('volume stays within its bounds, and moving it ends the silence', () => {
  const muted = after(START, { type: 'mute' });
  expect(muted.muted).toBe(true);
  expect(after(muted, { type: 'louder', byPercent: 50 })).toMatchObject({ volumePercent: 100, muted: false });
  expect(after(muted, { type: 'volume', percent: -3 })).toMatchObject({ volumePercent: 0, muted: false });
  expect(after(muted, { type: 'mute' })).toMatchObject({ volumePercent: 80, muted: false });
});
