import { setTimeout as pause } from 'node:timers/promises';
import { VoiceConnectionStatus, getVoiceConnection } from '@discordjs/voice';
import { describe, expect, test } from 'vitest';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { type Seats, expectHeard, hears, showToHear } from '../support/audience.ts';
import { podcast } from '../support/commands.ts';
import { type Show, type World, eventually, isHeard } from '../support/on-air.ts';

/** 0.3 s, for channels that the bot is to leave. */
const SOON = { settings: { EMPTY_CHANNEL_MINUTES: '0.005' } };

interface Scene {
  readonly world: World;
  readonly show: Show;
  readonly b: Seats;
  readonly c: Seats;
}

async function scene(options = {}): Promise<Scene> {
  const { world, show } = await showToHear(options);
  const { id } = show.broadcast.podcast;
  const b = await hears(world, world.discord.addGuild('Choir').addVoiceChannel('stalls'), id);
  const c = await hears(world, world.discord.addGuild('Chess Club').addVoiceChannel('side table'), id);
  return { world, show, b, c };
}

/** The channel has been told why the bot plays there no more, and the bot has left. */
async function expectOver({ world }: Scene, { channel, guild }: Seats, why: string): Promise<void> {
  const told = await world.discord.messageIn(channel, ({ text }) => text.includes('any more'));
  expect(told.text).toBe(`I do not play **round table · Knitting Circle** any more. ${why}`);
  await eventually('the bot has left', () => guild.botVoice.channel === undefined);
  expect(world.program.bot.audiences.of(guild.id)).toBeUndefined();
}

async function isBackIn(channel: VoiceChannel, before: unknown): Promise<void> {
  await eventually('the bot is there', () => ![undefined, before].includes(channel.botPeer));
  await channel.botJoined();
}

describe('what is heard in one of several servers', () => {
  test('ends when a moderator disconnects the bot, which does not come back; the others hear on', async () => {
    const all = await scene();
    all.c.channel.kickBot();
    await expectOver(all, all.c, 'Somebody disconnected me from the channel.');
    await expectHeard(all.show, [all.b]);
    expect(all.c.guild.botVoice.channel).toBeUndefined();
    expect(all.world.program.bot.audiences.all()).toEqual([all.b.audience]);
  });

  test('goes along with a move of a moderator’s, and is told and heard there', async () => {
    const all = await scene();
    const { ben, guild, channel } = all.b;
    const lobby = guild.addVoiceChannel('lobby');
    await ben.moveTo(lobby);
    channel.moveBot(lobby);
    await isBackIn(lobby, undefined);
    await all.world.discord.messageIn(lobby, ({ text }) => text.includes('plays here'));
    await expectHeard(all.show, [{ hearing: ben.listen() }, all.c]);
    expect(all.world.program.bot.audiences.of(guild.id)?.channel.id).toBe(lobby.id);
    const { content } = await podcast(all.world, ben, 'leave');
    expect(content).toBe('I do not play it any more.');
  });

  test('goes along with a move that takes long: the goodbye of the old channel is no kick', async () => {
    const all = await scene({ timings: { farewellMs: 1 } });
    const { guild, channel, ben } = all.b;
    const lobby = guild.addVoiceChannel('lobby');
    await ben.moveTo(lobby);
    // Discord tells of the move, and ends the old voice connection, before it names the new voice server.
    const tell = guild.tell.bind(guild);
    let named: (() => void) | undefined;
    guild.tell = (name, ...event) => {
      if (name === 'VOICE_SERVER_UPDATE') named = () => tell(name, ...event);
      else tell(name, ...event);
    };
    const connection = getVoiceConnection(guild.id);
    channel.moveBot(lobby);
    await eventually(
      'the old connection is over',
      () => connection?.state.status !== VoiceConnectionStatus.Ready,
    );
    // What a goodbye leads to has come about when the next one has led there.
    all.c.channel.kickBot();
    await expectOver(all, all.c, 'Somebody disconnected me from the channel.');
    guild.tell = tell;
    named?.();
    await lobby.botJoined();
    await expectHeard(all.show, [{ hearing: ben.listen() }]);
  });

  test('comes back to where it was moved, not to where it was, when the connection is lost', async () => {
    const all = await scene();
    const { ben, guild, channel } = all.b;
    const lobby = guild.addVoiceChannel('lobby');
    await ben.moveTo(lobby);
    channel.moveBot(lobby);
    await isBackIn(lobby, undefined);
    const before = lobby.botPeer;
    lobby.close(4006);
    await isBackIn(lobby, before);
    await all.world.discord.messageIn(lobby, ({ text }) => text === 'I am back; the podcast plays on.');
    await expectHeard(all.show, [{ hearing: ben.listen() }]);
  });

  test('ends when the bot is moved to where nobody is', async () => {
    const all = await scene(SOON);
    const empty = all.b.guild.addVoiceChannel('cellar');
    all.b.channel.moveBot(empty);
    const there = { ...all.b, channel: empty };
    await expectOver(all, there, `Nobody has been in <#${empty.id}> for a second.`);
    expect(all.world.program.bot.audiences.all()).toEqual([all.c.audience]);
  });

  test('ends when nobody is left, and goes on where somebody is', async () => {
    const all = await scene(SOON);
    const carla = all.c.guild.addPerson('Carla');
    await carla.join(all.c.channel);
    all.b.ben.leave();
    all.c.ben.leave();
    await expectOver(all, all.b, `Nobody has been in <#${all.b.channel.id}> for a second.`);
    await pause(400);
    expect(all.world.program.bot.audiences.all()).toEqual([all.c.audience]);
    await expectHeard(all.show, [{ hearing: carla.listen() }]);
  });

  test('ends everywhere when the podcast ends', async () => {
    const all = await scene();
    await podcast(all.world, all.show.host, 'stop');
    await expectOver(all, all.b, 'The host left: the podcast is over.');
    await expectOver(all, all.c, 'The host left: the podcast is over.');
    expect(all.world.program.bot.audiences.tuned).toBe(0);
  });

  test('ends when the channel is deleted; the show and the others go on', async () => {
    const all = await scene();
    const { guild, channel } = all.b;
    guild.tell('CHANNEL_DELETE', { ...channel.payload, guild_id: guild.id });
    await eventually('the bot has left', () => guild.botVoice.channel === undefined);
    await isHeard(all.show.host, all.show);
    expect(all.world.program.bot.audiences.all()).toEqual([all.c.audience]);
  });

  test('ends when the bot is removed from the server', async () => {
    const all = await scene();
    all.b.guild.removeBot();
    await eventually('it is over', () => all.world.program.bot.audiences.all().length === 1);
    await expectHeard(all.show, [all.c]);
  });

  test('ends there alone when playing fails', async () => {
    const all = await scene();
    Object.assign(all.b.audience, {
      play: () => {
        throw new Error('broken');
      },
    });
    const told = await all.world.discord.messageIn(all.b.channel, ({ text }) => text.includes('any more'));
    expect(told.text).toContain('the fault is mine');
    await expectHeard(all.show, [all.c]);
    expect(all.world.logLines.filter((line) => line.includes('a player failed'))).toHaveLength(1);
  });

  test('stops at a shutdown, which tells the channels and takes less than two seconds', async () => {
    const all = await scene();
    const startedMs = performance.now();
    await all.world.program.stop();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    for (const { channel, guild } of [all.b, all.c]) {
      expect(all.world.discord.messagesIn(channel).at(-1)?.text).toContain('I am being restarted.');
      await eventually('the bot has left', () => guild.botVoice.channel === undefined);
    }
  });
});
