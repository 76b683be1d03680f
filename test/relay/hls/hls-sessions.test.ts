import { describe, expect, test } from 'vitest';
import { HlsSessions } from '../../../src/relay/hls/hls-sessions.ts';
import type { ToldSegments } from '../../../src/relay/hls/told-segments.ts';
import { Channel } from '../../../src/relay/channel.ts';
import { Seat } from '../../../src/relay/seat.ts';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import { DEFAULT_LIMITS } from '../../../src/protocol/limits.ts';
import { Roster } from '../../../src/podcast/roster.ts';

const roster = new Roster(DEFAULT_LIMITS, 60);

function aChannel(): Channel {
  return new Channel(roster.add('1', { title: '', description: '', guild: '', visibility: 'public' }, 0));
}

/** Answers at once. */
class Answering extends HlsSessions {
  override ask(...asked: Parameters<HlsSessions['ask']>): ToldSegments {
    const told = super.ask(...asked);
    const [channel, name, , nowMs] = asked;
    this.answer(channel, name, nowMs);
    return told;
  }
}

function sessionsWith(seats = Infinity): HlsSessions {
  let left = seats;
  return new Answering({
    limits: { LISTENERS_PER_ADDRESS: 3, LISTENERS_PER_RELAY: 5 },
    admit(channel) {
      if (left === 0) throw new ContractError(CLOSE.capacity);
      left -= 1;
      return new Seat(channel, 'hls', () => (left += 1));
    },
  });
}

describe('a session', () => {
  test('counts from when it asks again some seconds later, once, and until it has not asked for 12 s', () => {
    const [sessions, channel] = [sessionsWith(), aChannel()];
    sessions.ask(channel, 'one', '10.0.0.1', 0);
    expect(channel.listenersBy.hls).toBe(0);
    for (const nowMs of [4000, 8000, 12_000]) {
      sessions.ask(channel, 'one', '10.0.0.1', nowMs);
      sessions.expire(nowMs);
      expect(channel.listenersBy.hls).toBe(1);
    }
    sessions.expire(23_999);
    expect(channel.listenersBy.hls).toBe(1);
    sessions.expire(24_000);
    expect([channel.listenersBy.hls, sessions.size]).toEqual([0, 0]);
  });

  test('that asks once, or again at once, is a probe, and is forgotten', () => {
    const [sessions, channel] = [sessionsWith(), aChannel()];
    for (const nowMs of [0, 1000, 2999]) sessions.ask(channel, 'one', '10.0.0.1', nowMs);
    expect(channel.listenersBy.hls).toBe(0);
    sessions.expire(14_999);
    expect(sessions.size).toBe(0);
    sessions.ask(channel, 'one', '10.0.0.1', 12_000);
    expect(channel.listenersBy.hls).toBe(0);
  });

  test('that waited for its first answer counts from then', () => {
    const channel = aChannel();
    const sessions = new HlsSessions({
      limits: { LISTENERS_PER_ADDRESS: 3, LISTENERS_PER_RELAY: 5 },
      admit: () => new Seat(channel, 'hls', () => undefined),
    });
    sessions.ask(channel, 'one', '10.0.0.1', 0);
    sessions.answer(channel, 'one', 5000);
    sessions.ask(channel, 'one', '10.0.0.1', 6000);
    sessions.answer(channel, 'one', 6000);
    expect(channel.listenersBy.hls).toBe(0);
    sessions.ask(channel, 'one', '10.0.0.1', 8000);
    expect(channel.listenersBy.hls).toBe(1);
  });

  test('is of one podcast: the same name at another is another', () => {
    const [sessions, one, other] = [sessionsWith(), aChannel(), aChannel()];
    sessions.ask(one, 'one', '10.0.0.1', 0);
    sessions.ask(other, 'one', '10.0.0.1', 0);
    expect([one.listenersBy.hls, other.listenersBy.hls]).toEqual([0, 0]);
    sessions.ask(one, 'one', '10.0.0.1', 3000);
    sessions.ask(other, 'one', '10.0.0.1', 3000);
    sessions.endAll(one);
    expect([one.listenersBy.hls, other.listenersBy.hls]).toEqual([0, 1]);
  });

  test('that finds no seat asks again until there is one', () => {
    const [sessions, channel] = [sessionsWith(1), aChannel()];
    for (const name of ['one', 'two']) sessions.ask(channel, name, '10.0.0.1', 0);
    sessions.ask(channel, 'one', '10.0.0.1', 3000);
    expect(() => sessions.ask(channel, 'two', '10.0.0.1', 5000)).toThrow(ContractError);
    sessions.expire(15_000);
    sessions.ask(channel, 'two', '10.0.0.1', 15_001);
    expect(channel.listenersBy.hls).toBe(1);
  });
});

describe('sessions that do not play yet', () => {
  test('are bounded for each address, and as many again come when they are listeners or forgotten', () => {
    const [sessions, channel] = [sessionsWith(), aChannel()];
    const flood = (from: number, address: string, nowMs: number): void => {
      for (let index = from; index < from + 3; index += 1) sessions.ask(channel, `${index}`, address, nowMs);
    };
    flood(0, '2001:db8::1', 0);
    expect(() => sessions.ask(channel, 'more', '2001:db8::2', 0)).toThrow('3 players');
    sessions.ask(channel, '0', '2001:db8::1', 3000);
    sessions.ask(channel, 'more', '2001:db8::2', 3000);
    sessions.expire(15_000);
    expect([sessions.size, channel.listenersBy.hls]).toEqual([0, 0]);
    flood(10, '2001:db8::1', 15_000);
  });

  test('are bounded for the relay', () => {
    const [sessions, channel] = [sessionsWith(), aChannel()];
    for (let index = 0; index < 5; index += 1) sessions.ask(channel, `${index}`, `10.0.0.${index}`, 0);
    expect(() => sessions.ask(channel, 'more', '10.0.1.1', 0)).toThrow('5 players');
    expect(sessions.size).toBe(5);
  });
});
