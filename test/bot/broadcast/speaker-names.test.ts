import { beforeEach, describe, expect, test } from 'vitest';
import { SpeakerNames } from '../../../src/bot/broadcast/speaker-names.ts';
import { Speakers } from '../../../src/bot/broadcast/speakers.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const SPEECH = new Uint8Array(40).fill(7);
const SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);

let clock: ManualClock;
let speakers: Speakers;
let isAllowed: boolean;
let called: Record<string, string>;
let said: string[];
let names: SpeakerNames;

beforeEach(() => {
  clock = new ManualClock();
  speakers = new Speakers(clock.nowMs());
  isAllowed = true;
  called = { ann: 'Ann', ben: 'Ben' };
  said = [];
  names = new SpeakerNames({
    clock,
    mayName: () => isAllowed,
    present: () => speakers.present(),
    nameOf: (userId) => called[userId],
    say: (list) => said.push(list.map(({ ssrc, name }) => `${ssrc} ${name}`).join()),
  });
});

function hear(userId: string, ssrc: number, opus = SPEECH): void {
  if (speakers.heard({ userId, ssrc, sequence: 1, timestamp: 960, opus }, clock.nowMs())) names.changed();
}

describe('listeners are told who speaks', () => {
  test('when somebody is heard for the first time, under another SSRC, or has left', () => {
    hear('ann', 1);
    hear('ann', 1);
    clock.advance(1000);
    hear('ben', 2);
    clock.advance(1000);
    hear('ann', 3);
    clock.advance(1000);
    speakers.left('ann');
    names.changed();
    clock.advance(1000);
    hear('ann', 3);
    expect(said).toEqual(['1 Ann', '1 Ann,2 Ben', '3 Ann,2 Ben', '2 Ben', '3 Ann,2 Ben']);
  });

  test('once a second at most, with the last of it, and nothing when nothing is other than it was', () => {
    hear('ann', 1);
    hear('ben', 2);
    clock.advance(999);
    called = { ann: 'Anna', ben: 'Ben' };
    names.changed();
    expect(said).toEqual(['1 Ann']);
    clock.advance(1);
    expect(said).toEqual(['1 Ann', '1 Anna,2 Ben']);
    names.changed();
    clock.advance(5000);
    expect(said).toHaveLength(2);
  });

  test('not of who is silent, who is known by no name, or who has lost the SSRC to another', () => {
    hear('ann', 1, SILENCE);
    hear('cat', 3);
    expect(said).toEqual([]);
    hear('ann', 1);
    clock.advance(1000);
    hear('ben', 1);
    expect(said).toEqual(['1 Ann', '1 Ben']);
  });

  test('not of who was taken off air', () => {
    hear('ann', 1);
    speakers.takeOff((userId) => userId === 'ann');
    names.changed();
    clock.advance(1000);
    expect(said).toEqual(['1 Ann', '']);
  });

  test('of nobody where names are hidden, and of nobody any more where they become so', () => {
    isAllowed = false;
    hear('ann', 1);
    expect(said).toEqual([]);
    isAllowed = true;
    names.changed();
    isAllowed = false;
    names.changed();
    clock.advance(1000);
    expect(said).toEqual(['1 Ann', '']);
  });

  test('of 64 people with 32 characters of their names', () => {
    called = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [String(at), '\u{1f9f6}'.repeat(60)]));
    for (let at = 0; at < 70; at += 1)
      speakers.heard({ userId: String(at), ssrc: at, sequence: 1, timestamp: 1, opus: SPEECH }, 0);
    names.changed();
    expect(said[0]?.split(',')).toHaveLength(64);
    expect(said[0]?.split(',')[63]).toBe(`63 ${'\u{1f9f6}'.repeat(16)}`);
  });
});
