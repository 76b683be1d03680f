import { expect, test } from 'vitest';
import { Conductor } from '../../../web/page/conductor.ts';
import { modelOf, type Way } from '../../../web/page/model.ts';
import type { PodcastAnswer } from '../../../web/sound/podcast-poll.ts';
import type { SoundEvents } from '../../../web/sound/sound.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { facts } from '../../support/scripted-facts.ts';

/** A conductor whose sounds write down what they are told, and fail at once where they are to. */
function conducted(unable: readonly Way[] = []): {
  conductor: Conductor;
  clock: ManualClock;
  told: string[];
  sounds: Partial<Record<Way, SoundEvents>>;
  answer: { now: PodcastAnswer; times: number };
} {
  const clock = new ManualClock();
  const told: string[] = [];
  const sounds: Partial<Record<Way, SoundEvents>> = {};
  const answer = { now: { kind: 'facts', facts: facts(), aheadMs: 0 } as PodcastAnswer, times: 0 };
  const conductor = new Conductor({
    model: modelOf(facts(), 80, clock.nowMs(), true),
    clock,
    ask: async () => {
      answer.times += 1;
      return answer.now;
    },
    makeSound: (way, events) => {
      sounds[way] = events;
      return {
        start: async () => {
          told.push(`${way} starts`);
          if (unable.includes(way)) events.onState('unable');
        },
        stop: () => void told.push(`${way} stops`),
        setVolume: (volume) =>
          void (told.includes(`${way} at ${volume}`) || told.push(`${way} at ${volume}`)),
      };
    },
    show: () => undefined,
  });
  conductor.start(true);
  return { conductor, clock, told, sounds, answer };
}
/** Lets answers arrive. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('sound starts within the press, at its volume, and stops within the next', () => {
  const { conductor, told } = conducted();
  conductor.change({ type: 'pressed' });
  expect(told).toEqual(['packets starts', 'packets at 0.8']);
  conductor.change({ type: 'mute' });
  conductor.change({ type: 'pressed' });
  expect(told.slice(2)).toEqual(['packets at 0', 'packets stops']);
});

test('a browser that cannot have packets gets the stream within the same press', () => {
  const { conductor, told } = conducted(['packets']);
  conductor.change({ type: 'pressed' });
  expect(told).toEqual(['packets starts', 'packets stops', 'stream starts', 'stream at 0.8']);
});

test('one that can have neither is left in peace', () => {
  const { conductor, told } = conducted(['packets', 'stream']);
  conductor.change({ type: 'pressed' });
  expect(told).toEqual(['packets starts', 'packets stops', 'stream starts', 'stream stops']);
  expect(conductor.model.stopped).toBe('unable');
});

test('packets that keep failing are left for the stream, once the relay has answered', async () => {
  const { conductor, clock, told, sounds } = conducted();
  conductor.change({ type: 'pressed' });
  sounds.packets?.onState('reconnecting');
  await settled();
  clock.advance(12_000);
  expect(conductor.model.listening?.way).toBe('stream');
  expect(told).toContain('packets stops');
  // What is left says nothing any more.
  sounds.packets?.onState('ended');
  expect(conductor.model.listening?.way).toBe('stream');
});

test('a sound that was stopped says nothing of the one that was begun after it', () => {
  const { conductor, sounds } = conducted();
  conductor.change({ type: 'pressed' });
  const stopped = sounds.packets;
  conductor.change({ type: 'pressed' });
  conductor.change({ type: 'pressed' });
  stopped?.onState('ended');
  expect(conductor.model.listening?.state).toBe('connecting');
});

test('the relay is asked every 15 s while somebody looks and nobody listens', async () => {
  const { conductor, clock, sounds, answer } = conducted();
  expect(answer.times).toBe(1);
  clock.advance(30_000);
  expect(answer.times).toBe(3);
  conductor.setVisible(false);
  clock.advance(60_000);
  expect(answer.times).toBe(3);
  conductor.setVisible(true);
  expect(answer.times).toBe(4);
  conductor.change({ type: 'pressed' });
  sounds.packets?.onState('playing');
  clock.advance(60_000);
  expect(answer.times).toBeLessThan(6);
});

test('and no more when it says that the podcast is over', async () => {
  const { conductor, clock, answer } = conducted();
  answer.now = { kind: 'over' };
  clock.advance(15_000);
  await settled();
  expect(conductor.model.facts.standing).toBe('ended');
  clock.advance(60_000);
  expect(answer.times).toBe(2);
});
