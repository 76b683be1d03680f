import { expect, test } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { GuildVolumes } from '../../../src/bot/audience/guild-volumes.ts';

function volumes(faults = 0): GuildVolumes {
  let left = faults;
  return new GuildVolumes(async () => {
    left -= 1;
    if (left >= 0) throw new Error('out of memory');
    return await LibopusCodec.load({ spares: 0 });
  });
}

test('only guilds with a volume of their own are remembered, and none that the bot has left', async () => {
  const kept = volumes();
  await kept.set('1', 50);
  await kept.set('2', 150);
  await kept.set('3', 100);
  expect(['1', '2', '3'].map((guildId) => kept.of(guildId))).toEqual([50, 150, 100]);
  expect(kept.count).toBe(2);
  await kept.set('1', 100);
  kept.forget('2');
  expect([kept.count, kept.of('1'), kept.of('2')]).toEqual([0, 100, 100]);
});

test('a codec that cannot be loaded leaves the volume as it is, and is loaded the next time', async () => {
  const kept = volumes(1);
  await expect(kept.set('1', 50)).rejects.toThrow('out of memory');
  expect([kept.of('1'), kept.codec]).toEqual([100, undefined]);
  await kept.set('1', 50);
  expect(kept.of('1')).toBe(50);
  expect(kept.codec).toBeInstanceOf(LibopusCodec);
});

test('what plays as it was sent loads no codec', async () => {
  const kept = volumes(1);
  await kept.set('1', 100);
  expect(kept.codec).toBeUndefined();
});
