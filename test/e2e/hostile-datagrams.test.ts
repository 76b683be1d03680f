import { describe, expect, test } from 'vitest';
import { LossCounter } from '../../src/audio/loss-counter.ts';
import { type Show, eventually, goOnAir, isHeard, speechOf, startWorld } from '../support/on-air.ts';

async function show(encrypted = true): Promise<Show> {
  const world = await startWorld();
  return goOnAir(world, world.guild.addVoiceChannel('round table', { encrypted }));
}

/** The source that the host's frames carry. */
async function ssrcOf({ host }: Show): Promise<number> {
  await host.startSpeaking();
  return host.sendFrame(Buffer.from('\xfchere I am', 'latin1')).ssrc;
}

function drops({ broadcast }: Show): Readonly<Record<string, number>> {
  return broadcast.status().drops;
}

describe('a bad network', () => {
  test.each([true, false])(
    'of 5 % loss, reordering, duplicates and jitter: everything that came is heard once, and the counts add up (DAVE %s)',
    async (encrypted) => {
      const here = await show(encrypted);
      const { host, channel, ear } = here;
      await isHeard(host, here);
      const heardBefore = ear.frames.length;
      const record = channel.record();
      const loss = new LossCounter();
      Object.assign(channel.faults, { loss: 0.05, reorder: 0.05, duplicates: 0.03, jitterMs: 8 });
      await host.speak(await speechOf('allison'), { frames: 1500, frameIntervalMs: 2 }).done;
      channel.faults.heal();
      await isHeard(host, here);

      const withheld = record.frames.filter(({ fate }) => fate === 'lost');
      const came = record.frames.length - withheld.length;
      expect(withheld.length).toBeGreaterThan(30);
      await eventually('all that came is heard', () => ear.frames.length - heardBefore >= came);
      expect(ear.frames.length - heardBefore).toBe(came);
      expect(ear.missing(record.frames)).toEqual(withheld);
      expect(drops(here)).toEqual({ duplicate: channel.faults.counts.duplicated });
      for (const { rtp } of ear.frames) loss.receive(rtp!.sequence);
      expect(loss.lost).toBe(withheld.length);
    },
  );
});

describe('datagrams that carry no frame', () => {
  test('a burst of padding alone is counted, changes no key, and the listener hears on', async () => {
    const here = await show();
    const { host, channel } = here;
    await isHeard(host, here);
    const epoch = channel.call.delivery?.epoch;
    for (let packet = 0; packet < 60; packet++) host.sendFrame(Buffer.alloc(0), { padding: 200 });
    await isHeard(host, here);
    expect(drops(here)).toEqual({ empty: 60 });
    expect(channel.call.delivery?.epoch).toBe(epoch);
  });

  test.each(['server', 'stranger'] as const)(
    'forged ones from a %s are counted and cost nothing',
    async (from) => {
      const here = await show();
      const ssrc = await ssrcOf(here);
      await here.channel.mischief.spoof(50, ssrc, from);
      await isHeard(here.host, here);
      expect(drops(here)).toEqual({ transport: 50 });
    },
  );

  test.each(['server', 'stranger'] as const)('runts of every length from a %s are counted', async (from) => {
    const here = await show();
    const ssrc = await ssrcOf(here);
    await here.channel.mischief.runts(ssrc, from);
    await isHeard(here.host, here);
    // 49 lengths: the one of 8 bytes is a keep-alive; from 32 bytes on they are long enough to be tried and found forged.
    expect(drops(here)).toEqual({ malformed: 31, transport: 17 });
  });

  test('those of a speaker whom nobody has named are counted', async () => {
    const here = await show();
    here.channel.mischief.unknownSsrc(20);
    await isHeard(here.host, here);
    expect(drops(here)).toEqual({ 'unknown-ssrc': 20 });
  });

  test('frames of a client that does not encrypt end to end are counted', async () => {
    const here = await show();
    await isHeard(here.host, here);
    for (let frame = 0; frame < 50; frame++) {
      here.host.sendFrame(Buffer.from(`\xfcplain ${frame}`, 'latin1'), { plain: true });
    }
    await isHeard(here.host, here);
    expect(drops(here)).toEqual({ dave: 50 });
  });
});

describe('packets of every legal shape', () => {
  test('with header extensions, contributing sources and padding give the same frame', async () => {
    const here = await show();
    const { host, channel, ear } = here;
    await isHeard(host, here);
    const record = channel.record();
    const shapes = [
      { extension: Buffer.from('9016000022110000', 'hex') },
      { csrcs: [1, 2, 3] },
      { padding: 7 },
      { extension: Buffer.from('90160000', 'hex'), csrcs: [0xffff_ffff], padding: 255 },
      { csrcs: Array.from({ length: 15 }, (_, index) => index) },
    ];
    for (const [index, shape] of shapes.entries()) {
      host.sendFrame(Buffer.from(`\xfcshape ${index}`, 'latin1'), shape);
    }
    await isHeard(host, here);
    expect(ear.missing(record.frames)).toEqual([]);
    expect(drops(here)).toEqual({});
  });
});
