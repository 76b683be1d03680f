import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { intents } from '../../simulator/gateway-session.ts';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { userPayload } from '../../simulator/world.ts';
import type { Ending } from '../../src/client/relay-socket.ts';
import { CLOSE } from '../../src/protocol/close-codes.ts';
import { expectGoodAnswer, holdJoins, podcast, typed } from '../support/commands.ts';
import { type Ear, type World, eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

/** 0.3 s, for shows that are to end of it. */
const SOON = { EMPTY_CHANNEL_MINUTES: '0.005' };
/** 1.2 s, for shows that are not to end. */
const SOME_TIME_MS = 1200;
const SOME_TIME = { EMPTY_CHANNEL_MINUTES: String(SOME_TIME_MS / 60_000) };

async function endingOf({ listener }: Ear): Promise<Ending> {
  const [ending] = (await once(listener, 'ended')) as [Ending];
  return ending;
}

/** Another bot, say one that plays music, comes into the channel; the simulated Discord knows no other bots itself. */
function enterMusicBot({ guild }: World, channel: VoiceChannel): void {
  const id = guild.world.snowflakes.next();
  const user = userPayload(id, 'Jukebox', true);
  const data = {
    guild_id: guild.id,
    channel_id: channel.id,
    user_id: id,
    session_id: 'jukebox',
    member: { user, roles: [], joined_at: new Date().toISOString(), deaf: false, mute: false, flags: 0 },
    deaf: false,
    mute: false,
    self_deaf: false,
    self_mute: false,
    self_video: false,
    suppress: false,
    request_to_speak_timestamp: null,
  };
  guild.tell('VOICE_STATE_UPDATE', data, intents.guildVoiceStates);
}

async function toldThatEmpty({ discord }: World, channel: VoiceChannel, howLong: string): Promise<void> {
  const told = await discord.messageIn(channel, ({ text }) => text.includes('over'));
  expect(told.text).toBe(`The podcast is over. Nobody has been in <#${channel.id}> for ${howLong}.`);
}

describe('a channel that everybody has left', () => {
  test('ends the show after a while, and says so', async () => {
    const world = await startWorld({ settings: SOON });
    const { host, channel, ear } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const ending = endingOf(ear);
    host.leave();
    expect((await ending).code).toBe(4003);
    await toldThatEmpty(world, channel, 'a second');
    await eventually('the bot has left', () => world.guild.botVoice.channel === undefined);
  });

  test('ends the show also when the last person leaves before it is on air', async () => {
    const world = await startWorld({ settings: SOON });
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const join = holdJoins(world.guild);
    const starting = await typed(world, host, 'start');
    await join.asked;
    host.leave();
    join.grant();
    await starting.settled();
    expect(starting.content).toContain('is on air');
    await toldThatEmpty(world, channel, 'a second');
  });

  test('keeps the show when somebody comes back in time', async () => {
    const world = await startWorld({ settings: SOME_TIME });
    const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const { host, channel, broadcast } = show;
    // One after the other on the same connection, so the bot hears of the return right after the departure.
    host.leave();
    await host.join(channel);
    await pause(SOME_TIME_MS * 1.5);
    expect(broadcast.isOnAir).toBe(true);
    await isHeard(host, show);
    expect(world.discord.messagesIn(channel)).toHaveLength(1);
  });

  test('keeps the show when one of two leaves', async () => {
    const world = await startWorld({ settings: SOON });
    const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const june = world.guild.addPerson('June');
    await june.join(show.channel);
    show.host.leave();
    await pause(500);
    expect(show.broadcast.isOnAir).toBe(true);
    await isHeard(june, show);
  });

  test('is empty also while another bot is in it', async () => {
    const world = await startWorld({ settings: SOON });
    const { host, channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    enterMusicBot(world, channel);
    host.leave();
    await toldThatEmpty(world, channel, 'a second');
  });
});

describe('a show', () => {
  test('ends when its channel is deleted', async () => {
    const world = await startWorld();
    const { channel, ear } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const ending = endingOf(ear);
    world.guild.tell('CHANNEL_DELETE', { ...channel.payload, guild_id: world.guild.id });
    expect((await ending).code).toBe(4003);
    expect(world.program.bot.broadcasts.all()).toEqual([]);
    await eventually('the bot has left', () => world.guild.botVoice.channel === undefined);
  });

  test.each([
    { name: 'and disconnected', remove: (guild: Guild): void => guild.removeBot() },
    {
      name: 'and told nothing else',
      remove: (guild: Guild): void => guild.tell('GUILD_DELETE', { id: guild.id }),
    },
  ])('ends when the bot is removed from the server $name; those elsewhere go on', async ({ remove }) => {
    const world = await startWorld();
    const guild = world.discord.addGuild('Chess Club');
    const otto = guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    const elsewhere = { ...world, guild, chat: guild.addTextChannel('chat') };
    const other = await goOnAir(elsewhere, guild.addVoiceChannel('side table'), otto);
    const { ear } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const ending = endingOf(ear);
    remove(world.guild);
    expect((await ending).code).toBe(4003);
    await isHeard(otto, other);
    expect(world.program.bot.broadcasts.all()).toEqual([other.broadcast]);
  });
});

test('a rejoin is not taken for a kick by a bot that may read the audit log, however slowly', async () => {
  const world = await startWorld({ timings: { rejoinDelaysMs: [0, 0, 0] } });
  world.guild.setBotPermissions([...invitedBotPermissions, 'ViewAuditLog']);
  const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  for (let round = 0; round < 3; round += 1) {
    const before = show.channel.botPeer;
    show.channel.close(4006);
    await eventually('the bot is back', () => ![undefined, before].includes(show.channel.botPeer));
    await show.channel.botJoined();
    await isHeard(show.host, show);
  }
  expect(show.broadcast.isOnAir).toBe(true);
});

test('a move to another voice server is not worth a word', async () => {
  const world = await startWorld();
  const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const before = show.channel.botPeer;
  await world.guild.moveVoiceServer();
  await eventually('the bot is back', () => ![undefined, before].includes(show.channel.botPeer));
  await show.channel.botJoined();
  await isHeard(show.host, show);
  await podcast(world, show.host, 'stop');
  await world.discord.messageIn(show.channel, ({ text }) => text.includes('over'));
  expect(world.discord.messagesIn(show.channel)).toHaveLength(2);
});

describe('a shutdown', () => {
  test('tells channel and listeners, and leaves, in less than two seconds', async () => {
    const world = await startWorld();
    const { channel, ear } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const interrupted = once(ear.listener, 'interrupted');
    const startedMs = performance.now();
    await world.program.stop();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    // Not "soon": the process ends right after, and what is not written by then never will be.
    expect(world.discord.messagesIn(channel).at(-1)?.text).toBe(
      'I am being restarted. The podcast goes on when I am back.',
    );
    expect(await interrupted).toEqual([CLOSE.goingAway.sentence]);
    await eventually('the bot has left', () => world.guild.botVoice.channel === undefined);
  });

  test('does not wait for a show that is about to begin, whose host is told', async () => {
    const world = await startWorld();
    const host: Person = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    const join = holdJoins(world.guild);
    const waiting = await typed(world, host, 'start');
    await join.asked;
    const startedMs = performance.now();
    await world.program.bot.close();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    // Here, too, not "soon".
    expect(waiting.isSettled).toBe(true);
    expectGoodAnswer(world, waiting);
    expect(waiting.content).toContain('The podcast did not begin. I am being restarted.');
    expect(world.guild.botVoice.channel).toBeUndefined();
  });

  test('lets no podcast begin any more, and says so', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    // The bot has been asked, and Discord has not yet confirmed that the bot asked for time.
    const answer = await typed(world, host, 'start');
    await world.program.stop();
    await answer.settled();
    expectGoodAnswer(world, answer);
    expect(answer.content).toContain('I am being restarted.');
    expect(world.guild.botVoice.channel).toBeUndefined();
  });
});
