import { describe, expect, test } from 'vitest';
import { pageTextsFor } from '../../../src/texts/page-texts.ts';
import { modelOf, next, type Change, type Model } from '../../../web/page/model.ts';
import { delayText, viewOf } from '../../../web/page/view.ts';
import type { SoundState } from '../../../web/sound/sound.ts';
import { facts } from '../../support/scripted-facts.ts';

const NOW_MS = 1_000_000_000;
const ENGLISH = pageTextsFor('en');
const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'];

function shown(model: Model, language = 'en'): ReturnType<typeof viewOf> {
  return viewOf(model, pageTextsFor(language), 7, NOW_MS, NOW_MS);
}
function opened(state: 'created' | 'live' | 'interrupted', ...changes: Change[]): Model {
  const activeSinceMs = state === 'created' ? null : NOW_MS - 754_000;
  const model = modelOf(facts({ state, activeSinceMs }), 80, NOW_MS, true);
  return changes.reduce((before, change) => next(before, change, NOW_MS), model);
}
const PRESSED: Change = { type: 'pressed' };
const sound = (state: SoundState, way: 'packets' | 'stream' = 'packets'): Change => ({
  type: 'sound',
  way,
  state,
});

describe('before anybody presses the button', () => {
  test.each([
    ['created', 'before', 'Not on air yet', '', 'It has not begun. Press play now, and it starts by itself.'],
    ['live', 'ready', 'On air', '12:34', 'Press play to listen.'],
    [
      'interrupted',
      'away',
      'Interrupted',
      '12:34',
      'The host is away for a moment. Press play, and it goes on by itself.',
    ],
  ] as const)('a podcast that is %s is shown as such', (state, mood, standing, onAirFor, message) => {
    const view = shown(opened(state));
    expect(view).toMatchObject({
      mood,
      state,
      standing,
      onAirFor,
      message,
      onAir: state === 'live',
      listeners: '57 listeners',
    });
    expect(view.button).toEqual({ label: 'Listen', stops: false, enabled: true });
    expect(view.noSpeakers).toBe('Who speaks is shown here while you listen.');
  });

  test.each([
    ['over', 'ended', 'Over', 'This podcast is over. Thank you for listening.'],
    ['unknown', 'unknown', 'Not found', 'There is nothing to hear at this address any more.'],
  ] as const)('one that is %s cannot be played', (kind, state, standing, message) => {
    const view = shown(opened('live', { type: 'answer', answer: { kind } }));
    expect(view).toMatchObject({
      mood: 'over',
      state,
      standing,
      message,
      onAir: false,
      onAirFor: '',
      listeners: '',
    });
    expect(view.button.enabled).toBe(false);
  });

  test('a relay that does not answer is said to be away, and one that is busy is not', () => {
    const away = opened('live', { type: 'answer', answer: { kind: 'unreachable' } });
    expect(shown(away).message).toBe('The server does not answer. Trying again …');
    const busy = next(away, { type: 'answer', answer: { kind: 'busy' } }, NOW_MS);
    expect(shown(busy).message).toBe('Press play to listen.');
  });
});

describe('while somebody listens', () => {
  test.each([
    ['connecting', 'busy', 'Connecting …'],
    ['waiting', 'before', 'You are set. It starts by itself.'],
    ['playing', 'playing', 'You are listening live.'],
    ['interrupted', 'away', 'The host is away for a moment. It goes on by itself.'],
    ['reconnecting', 'busy', 'The connection is lost. Trying again …'],
  ] as const)('a sound that is %s is shown as such', (state, mood, message) => {
    const view = shown(opened('live', PRESSED, sound(state)));
    expect(view).toMatchObject({ mood, state, message });
    expect(view.button).toEqual({ label: 'Stop', stops: true, enabled: true });
  });

  test.each([
    ['ended', 'over', 'ended', 'This podcast is over. Thank you for listening.'],
    ['refused', 'ready', 'live', 'This podcast cannot be heard right now.'],
  ] as const)('a sound that is %s has stopped', (state, mood, shownAs, message) => {
    expect(shown(opened('live', PRESSED, sound(state)))).toMatchObject({ mood, state: shownAs, message });
  });

  test('a browser that can play neither way is told of others', () => {
    const view = shown(opened('live', PRESSED, sound('unable'), sound('unable', 'stream')));
    expect(view.message).toBe('This browser cannot play it here. Try another way to listen.');
    expect(view.button.stops).toBe(false);
  });

  test('a sound that somebody else has paused waits for the button, and says so', () => {
    const view = shown(opened('live', PRESSED, sound('playing'), { type: 'paused' }));
    expect(view).toMatchObject({ mood: 'ready', message: 'The sound was paused. Press play to go on.' });
    expect(view.button).toEqual({ label: 'Listen', stops: false, enabled: true });
  });

  test.each(['reconnecting', 'connecting', 'interrupted'] as const)(
    'nothing is measured while it is %s',
    (state) => {
      const quality: Change = { type: 'quality', quality: { delayMs: 123, lostShare: 0 } };
      const view = shown(opened('live', PRESSED, sound('playing'), quality, sound(state), quality));
      expect(view.connection).toEqual({ grade: 'none', way: '', quality: '' });
    },
  );

  test('the way, its delay and its quality are told', () => {
    const direct = opened('live', PRESSED, sound('playing'));
    expect(shown(direct).connection).toEqual({ grade: 'none', way: '', quality: '' });
    const grades = [0, 0.02, 0.2].map((lostShare) => {
      const change: Change = { type: 'quality', quality: { delayMs: 123, lostShare } };
      return shown(next(direct, change, NOW_MS)).connection;
    });
    expect(grades.map(({ grade }) => grade)).toEqual(['good', 'fair', 'poor']);
    expect(grades[0]).toEqual({ grade: 'good', way: 'Direct · 120 ms behind', quality: 'Good connection' });
    const stream = opened('live', PRESSED, sound('unable'), sound('playing', 'stream'));
    expect(shown(stream)).toMatchObject({
      connection: { grade: 'none', way: 'As a stream, some seconds behind' },
      noSpeakers: 'A stream does not tell who speaks.',
    });
  });

  test('who speaks is shown with how loud, and the loudest lights the dial', () => {
    const levels: Change = {
      type: 'levels',
      levels: [
        { ssrc: 1, level: 0.5 },
        { ssrc: 2, level: 0.7 },
      ],
    };
    const named: Change = { type: 'facts', facts: facts({ speakers: [{ ssrc: 2, name: 'Ann' }] }) };
    const view = shown(opened('live', PRESSED, sound('playing'), named, levels));
    expect(view.speakers).toEqual([
      { name: 'Ann', speaking: true, level: 0.7 },
      { name: 'Someone 1', speaking: true, level: 0.5 },
    ]);
    expect(view).toMatchObject({ loudness: 0.7, noSpeakers: '' });
  });
});

test('a clock that is wrong does not change how long it is on air', () => {
  const model = { ...opened('live'), aheadMs: 60_000 };
  expect(shown(model).onAirFor).toBe('13:34');
});

test('how long it is on air goes by the clock on the wall, which goes on while the computer sleeps', () => {
  expect(viewOf(opened('live'), ENGLISH, 7, NOW_MS, NOW_MS + 60_000).onAirFor).toBe('13:34');
});

test('a title turns no text around but its own', () => {
  const model = modelOf(facts({ title: 'Tea\u202E time\u2066' }), 80, NOW_MS, true);
  expect(shown(model).windowTitle).toBe('Tea time · Guildcast');
});

test('a podcast without a title has a number', () => {
  const model = modelOf(facts({ title: '' }), 80, NOW_MS, true);
  expect(shown(model)).toMatchObject({ title: 'Podcast 7', windowTitle: 'Podcast 7 · Guildcast' });
});

test('silence is shown at the loudspeaker, and the slider keeps its place', () => {
  const muted = opened('live', { type: 'mute' });
  expect(shown(muted)).toMatchObject({
    muted: true,
    volume: { percent: 80, text: 'Muted', muteLabel: 'Unmute' },
  });
  expect(shown(next(muted, { type: 'mute' }, NOW_MS)).volume).toEqual({
    percent: 80,
    text: 'Volume 80 %',
    muteLabel: 'Mute',
    isSettable: true,
  });
});

test('a volume that no element follows cannot be set while it streams', () => {
  const phone = modelOf(facts(), 80, NOW_MS, false);
  expect(shown(phone).volume.isSettable).toBe(true);
  const streaming = [PRESSED, sound('unable')].reduce((model, change) => next(model, change, NOW_MS), phone);
  expect(shown(streaming).volume.isSettable).toBe(false);
});

test('a delay is written in the language, to what can be known of it', () => {
  expect([0, 123, 994, 1234, 12_345].map((ms) => delayText(ms, 'en'))).toEqual([
    '0 ms',
    '120 ms',
    '990 ms',
    '1.2 sec',
    '12 sec',
  ]);
  expect(delayText(1234, 'de')).toBe('1,2 Sek.');
});

test.each(LANGUAGES)('every state has its words in %s', (language) => {
  const states: SoundState[] = [
    'connecting',
    'waiting',
    'playing',
    'interrupted',
    'reconnecting',
    'ended',
    'refused',
    'unable',
  ];
  for (const state of states) {
    const view = shown(opened('live', PRESSED, sound(state)), language);
    for (const text of [view.message, view.standing, view.button.label]) expect(text).not.toBe('');
    if (language !== 'en')
      expect(view.message).not.toBe(
        viewOf(opened('live', PRESSED, sound(state)), ENGLISH, 7, NOW_MS, NOW_MS).message,
      );
  }
});
