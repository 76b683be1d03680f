import { describe, expect, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { hears, showToHear } from '../support/audience.ts';
import { expectGoodAnswer, holdJoins, podcast, typed } from '../support/commands.ts';
import { type World, eventually } from '../support/on-air.ts';

const STOPPED = 'I do not play it any more.';

interface Scene {
  readonly world: World;
  readonly id: number;
  readonly channel: VoiceChannel;
  readonly ben: Person;
}

/** A show to hear, and Ben of another server in a channel there. */
async function scene(kind: 'voice' | 'stage' = 'voice'): Promise<Scene> {
  const { world, show } = await showToHear();
  const guild = world.discord.addGuild('Choir');
  const channel = kind === 'voice' ? guild.addVoiceChannel('stalls') : guild.addStageChannel('stage');
  const ben = guild.addPerson('Ben');
  await ben.join(channel);
  return { world, id: show.broadcast.podcast.id, channel, ben };
}

function refusedIn({ id }: VoiceChannel): string {
  return `What is heard in <#${id}> is up to those who may speak there: people with the permission **Speak**, on a stage its speakers, and whoever has **Manage Events**.`;
}

/** In this channel Ben may not speak. */
const SILENCES = [
  {
    name: 'has no permission to speak there',
    kind: 'voice',
    silence: ({ channel }: Scene): void => channel.denyPeople(['Speak']),
  },
  {
    name: 'a moderator has muted',
    kind: 'voice',
    silence: ({ ben }: Scene): void => void ben.guild.voiceStates.change(ben.id, { mute: true }),
  },
  {
    name: 'is in the audience of a stage',
    kind: 'stage',
    silence: ({ ben }: Scene): void => void ben.guild.voiceStates.change(ben.id, { suppress: true }),
  },
] as const;

describe('what is heard in a channel', () => {
  test.each(SILENCES)('does not begin for who $name', async ({ kind, silence }) => {
    const all = await scene(kind);
    const { world, ben, channel, id } = all;
    silence(all);
    // The command comes by the same connection, after it.
    const { content } = await podcast(world, ben, 'listen', { podcast: String(id) });
    expect(content).toBe(refusedIn(channel));
    expect(world.program.bot.audiences.underWay(ben.guild.id)).toBeUndefined();
    expect(ben.guild.botVoice.channel).toBeUndefined();
  });

  test.each(SILENCES)('gets no louder by who $name, but ends by them', async ({ kind, silence }) => {
    const all = await scene(kind);
    const { world, ben, channel, id } = all;
    const { audience } = await hears(world, channel, id, ben);
    silence(all);
    expect((await podcast(world, ben, 'volume', { percent: 200 })).content).toBe(refusedIn(channel));
    expect(audience.percent).toBe(100);
    expect((await podcast(world, ben, 'leave')).content).toBe(STOPPED);
  });

  test('begins for who directs what is on air, be they in the audience of a stage', async () => {
    const { world, channel, id } = await scene('stage');
    const otto = channel.guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    await otto.join(channel, { audience: true });
    const { audience } = await hears(world, channel, id, otto);
    expect((await podcast(world, otto, 'volume', { percent: 50 })).content).toBe('It plays at 50 % here.');
    expect(audience.percent).toBe(50);
  });
});

test('what is about to play is stopped by /podcast leave, and whoever asked for it is told', async () => {
  const { world, ben, channel, id } = await scene();
  const join = holdJoins(ben.guild);
  const waiting = await typed(world, ben, 'listen', { podcast: String(id) });
  await join.asked;
  const outside = ben.guild.addPerson('Gus');
  expect((await podcast(world, outside, 'leave')).content).toContain(`It plays in <#${channel.id}>`);
  const carla = ben.guild.addPerson('Carla');
  await carla.join(channel);
  expect((await podcast(world, carla, 'leave')).content).toBe(STOPPED);
  await waiting.settled();
  expectGoodAnswer(world, waiting);
  expect(waiting.content).toBe('I could not play it. Carla stopped it.');
  join.grant();
  expect(world.program.bot.audiences.underWay(ben.guild.id)).toBeUndefined();
  await eventually('the bot is not there', () => ben.guild.botVoice.channel === undefined);
  expect(world.discord.messagesIn(channel)).toEqual([]);
});
