import { expect, test } from 'vitest';
import { SoundingWatch } from '../../../web/sound/sounding-watch.ts';
import { ManualClock } from '../../support/manual-clock.ts';

interface Watched {
  readonly clock: ManualClock;
  readonly context: { state: string; resumed: number; resume(): Promise<void> };
  readonly watch: SoundingWatch;
  /** What was said. */
  readonly said: string[];
}

function watched(state: string): Watched {
  const clock = new ManualClock();
  const context = {
    state,
    resumed: 0,
    async resume(): Promise<void> {
      this.resumed += 1;
    },
  };
  const said: string[] = [];
  const watch = new SoundingWatch(context, clock, {
    onRunning: () => said.push('running'),
    onSilenced: () => said.push('silenced'),
  });
  return { clock, context, watch, said };
}

test('a context that is not let run within five seconds is silenced', () => {
  const { clock, said } = watched('suspended');
  clock.advance(4750);
  expect(said).toEqual([]);
  clock.advance(60_000);
  expect(said).toEqual(['silenced']);
});

test.each(['suspended', 'interrupted'])(
  'one that is %s while it plays is asked once to go on, for two seconds',
  (state) => {
    const { clock, context, watch, said } = watched('running');
    watch.check();
    context.state = state;
    watch.check();
    expect(context.resumed).toBe(1);
    clock.advance(1750);
    expect(said).toEqual(['running']);
    clock.advance(250);
    expect(said).toEqual(['running', 'silenced']);
    clock.advance(60_000);
    expect(context.resumed).toBe(1);
    expect(said).toHaveLength(2);
  },
);

test('one that goes on in time plays as if nothing had been', () => {
  const { clock, context, said } = watched('running');
  clock.advance(1000);
  context.state = 'suspended';
  clock.advance(1000);
  context.state = 'running';
  clock.advance(60_000);
  expect(said).toEqual(['running', 'running']);
});

test('nothing is said of one that is not wanted any more', () => {
  const { clock, watch, said } = watched('suspended');
  watch.stop();
  clock.advance(60_000);
  expect(said).toEqual([]);
});
