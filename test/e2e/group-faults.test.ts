import { describe, expect, test } from 'vitest';
import type { Mischief } from '../../simulator/voice/mischief.ts';
import { goOnAir, isHeard, startWorld } from '../support/on-air.ts';

const FAULTS: readonly { what: string; act: (mischief: Mischief) => void; isPassedOver: boolean }[] = [
  { what: 'a proposal that cannot be read', act: (of) => of.proposal('malformed'), isPassedOver: true },
  { what: 'a proposal for another epoch', act: (of) => of.proposal('wrong epoch'), isPassedOver: true },
  {
    what: 'a proposal that a stranger signed',
    act: (of) => of.proposal('wrong signature'),
    isPassedOver: true,
  },
  { what: 'a second external sender', act: (of) => of.secondExternalSender(), isPassedOver: true },
  { what: 'a commit that cannot be read', act: (of) => of.invalidCommit(), isPassedOver: false },
  { what: 'a welcome that cannot be read', act: (of) => of.invalidWelcome(), isPassedOver: false },
];

describe('an end-to-end encryption message that makes no sense', () => {
  test.each(FAULTS)('$what: the bot stays, and the listener hears on', async ({ act, isPassedOver }) => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const here = await goOnAir(world, channel);
    await world.guild.addPerson('June').join(channel);
    await isHeard(here.host, here);
    act(channel.mischief);
    await channel.settled();
    await isHeard(here.host, here);
    // What could not be read at all was counted; what broke the group made the bot ask to be added anew.
    const { 'dave-message': passedOver = 0 } = here.broadcast.status().drops;
    expect(passedOver).toBe(isPassedOver ? 1 : 0);
  });
});

test('a storm of arrivals and departures: whoever stays is heard when it is over', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table', { greetings: 'shuffled' });
  const here = await goOnAir(world, channel);
  await isHeard(here.host, here);
  await channel.rekeyStorm(25);
  await channel.settled();
  await isHeard(here.host, here);
  expect(here.broadcast.isOnAir).toBe(true);
});

test('a bot that was alone with one person follows when the group is founded anew', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table');
  const here = await goOnAir(world, channel);
  await isHeard(here.host, here);
  here.host.leave();
  const june = world.guild.addPerson('June');
  await june.join(channel);
  await isHeard(june, here);
});
