import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type PermissionName, invitedBotPermissions } from '../../simulator/permissions.ts';
import { expectGoodAnswer, expectNothingOnAir, podcast, typed } from '../support/commands.ts';
import { type World, eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

const STATUS = '🔴 On air: round table · Knitting Circle';
const NICKNAME = '![ON AIR] Bot';
/** What a moderator needs for a status from outside the channel. */
const MOD = ['ManageChannels', 'SetVoiceChannelStatus'] as const;
const MARKS = /^(PUT .*\/voice-status|PATCH .*\/members\/@me)$/;

function without(...missing: PermissionName[]): PermissionName[] {
  return invitedBotPermissions.filter((name) => !missing.includes(name));
}

/** How often the bot asked Discord for a mark. */
function markRequests({ discord }: World): string[] {
  return discord.requests
    .filter(({ method, path }) => MARKS.test(`${method} ${path}`))
    .map(({ method, status }) => `${method} ${status}`);
}

describe('a channel that is on air', () => {
  test('is marked by its status and the nickname of the bot, and both are as before when the show is over', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    expect([channel.status, world.guild.botNickname]).toEqual([STATUS, NICKNAME]);
    await podcast(world, host, 'stop');
    expect([channel.status, world.guild.botNickname]).toEqual(['', null]);
    await expectNothingOnAir(world);
  });

  test('gets back the status that it had, as far as Discord told it, and the bot its nickname', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    world.guild.addPerson('Mo', { permissions: MOD }).setStatus(channel, 'knitting together');
    world.guild.renameBot('Radio Wool');
    const { host } = await goOnAir(world, channel);
    expect([channel.status, world.guild.botNickname]).toEqual([STATUS, '![ON AIR] Radio Wool']);
    await podcast(world, host, 'stop');
    expect([channel.status, world.guild.botNickname]).toEqual(['knitting together', 'Radio Wool']);
  });

  test('keeps a status and a nickname that a moderator gave meanwhile', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    world.guild.addPerson('Mo', { permissions: MOD }).setStatus(channel, 'quiet please');
    world.guild.renameBot('Parrot');
    await podcast(world, host, 'stop');
    expect([channel.status, world.guild.botNickname]).toEqual(['quiet please', 'Parrot']);
    expect(markRequests(world)).toHaveLength(2);
  });

  test('is unmarked when everybody has left', async () => {
    const world = await startWorld({ settings: { EMPTY_CHANNEL_MINUTES: '0.005' } });
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    host.leave();
    await eventually('it is unmarked', () => channel.status === '' && world.guild.botNickname === null);
  });

  test('gives the bot its name back when it is kicked, though the status is out of its reach then', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    await goOnAir(world, channel);
    channel.kickBot();
    await eventually('the nickname is as before', () => world.guild.botNickname === null);
    expect(world.program.bot.broadcasts.all()).toEqual([]);
  });

  test.each(['🔴 On air: last week', '🔴 Auf Sendung: letzte Woche', '🔴 配信中：先週'])(
    'does not get back %j, which an earlier show left behind',
    async (left) => {
      const world = await startWorld();
      const channel = world.guild.addVoiceChannel('round table');
      channel.setStatus(left);
      const { host } = await goOnAir(world, channel);
      expect(channel.status).toBe(STATUS);
      await podcast(world, host, 'stop');
      expect(channel.status).toBe('');
    },
  );

  test('keeps over a restart the status and the nickname that a moderator gave it in the middle of the show', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    world.guild.addPerson('Mo', { permissions: MOD }).setStatus(channel, 'quiet please');
    world.guild.renameBot('Parrot');
    const again = await world.restarted();
    await eventually('it is marked', () => world.guild.botNickname === '![ON AIR] Parrot');
    expect(channel.status).toBe('quiet please');
    await podcast(again, host, 'stop');
    expect([channel.status, world.guild.botNickname]).toEqual(['quiet please', 'Parrot']);
  });

  test('is marked by its status all the same where the nickname cannot be, and gets back what a moderator wrote', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    channel.setStatus('quiet please');
    await world.program.stop();
    world.guild.setBotPermissions(without('ChangeNickname'));
    const again = await world.restarted();
    await eventually('it is marked', () => channel.status === STATUS);
    await podcast(again, host, 'stop');
    expect(channel.status).toBe('quiet please');
  });

  test('keeps the status that a moderator gave it, when the show does not go on after a restart', async () => {
    const world = await startWorld();
    const permissions = [...invitedBotPermissions, 'ManageChannels'] as const;
    world.guild.setBotPermissions(permissions);
    const channel = world.guild.addVoiceChannel('round table');
    await goOnAir(world, channel);
    channel.setStatus('quiet please');
    await world.program.stop();
    for (const file of readdirSync(world.dataDir).filter((name) => name.startsWith('podcasts.db'))) {
      rmSync(join(world.dataDir, file));
    }
    await world.restarted();
    await eventually('the bot has its name back', () => world.guild.botNickname === null);
    await world.discord.messageIn(channel, ({ text }) => text.includes('The podcast is over.'));
    expect(channel.status).toBe('quiet please');
  });

  test('is not marked anew for a nickname that an earlier run left behind', async () => {
    const world = await startWorld();
    world.guild.renameBot('![ON AIR] Radio Wool');
    const { host } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    expect(world.guild.botNickname).toBe('![ON AIR] Radio Wool');
    await podcast(world, host, 'stop');
    expect(world.guild.botNickname).toBe('Radio Wool');
  });
});

describe('a bot that lacks a permission', () => {
  test.each([
    { missing: 'SetVoiceChannelStatus', marks: ['', NICKNAME] },
    { missing: 'ChangeNickname', marks: [STATUS, null] },
  ] as const)('without $missing makes do with the other mark', async ({ missing, marks }) => {
    const world = await startWorld();
    world.guild.setBotPermissions(without(missing));
    const channel = world.guild.addVoiceChannel('round table');
    const show = await goOnAir(world, channel);
    expect([channel.status, world.guild.botNickname]).toEqual(marks);
    await isHeard(show.host, show);
    await podcast(world, show.host, 'stop');
    expect([channel.status, world.guild.botNickname]).toEqual(['', null]);
    expect(markRequests(world)).toHaveLength(2);
  });

  test('without both does not start, and says which it needs', async () => {
    const world = await startWorld();
    world.guild.setBotPermissions(without('SetVoiceChannelStatus', 'ChangeNickname'));
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const { content } = await podcast(world, host, 'start');
    expect(content).toContain('**Set Voice Channel Status**');
    expect(content).toContain('**Change Nickname**');
    await expectNothingOnAir(world);
  });

  test('on a stage, which has no status, needs the nickname', async () => {
    const world = await startWorld();
    world.guild.setBotPermissions(without('ChangeNickname'));
    const stage = world.guild.addStageChannel('main stage');
    const host = world.host();
    await host.join(stage);
    const { content } = await podcast(world, host, 'start');
    expect(content).toContain('**Change Nickname**');
    expect(content).not.toContain('Status');
    world.guild.setBotPermissions(invitedBotPermissions);
    await goOnAir(world, stage, host);
    expect(world.guild.botNickname).toBe(NICKNAME);
    expect(markRequests(world)).toEqual(['PATCH 200']);
  });
});

describe('a Discord that', () => {
  const refusal = { code: 50_013, message: 'Missing Permissions' };

  test.each([
    { what: 'the status', path: /voice-status/, marks: ['', NICKNAME] },
    { what: 'the nickname', path: /members\/@me/, marks: [STATUS, null] },
  ])('refuses $what all the same does not keep the show from beginning', async ({ path, marks }) => {
    const world = await startWorld();
    world.discord.rest.fail(403, refusal, 1, path);
    const channel = world.guild.addVoiceChannel('round table');
    const show = await goOnAir(world, channel);
    expect([channel.status, world.guild.botNickname]).toEqual(marks);
    await isHeard(show.host, show);
  });

  test('refuses both lets no show begin, and leaves nothing behind', async () => {
    const world = await startWorld();
    world.discord.rest.fail(403, refusal, 2, MARKS);
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const { content } = await podcast(world, host, 'start');
    expect(content).toMatch(/^The podcast did not begin\..*nickname.*`\/podcast start` tries again\.$/);
    await expectNothingOnAir(world);
    expect([channel.status, world.guild.botNickname]).toEqual(['', null]);
    expect(world.discord.messagesIn(channel)).toEqual([]);
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
  });

  test('does not answer holds up the beginning for a moment, and the end for less than two seconds', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const held = world.discord.rest.hold(MARKS);
    const show = await goOnAir(world, channel);
    expectGoodAnswer(world, show.answer);
    await isHeard(show.host, show);
    const startedMs = performance.now();
    await world.program.bot.broadcasts.stop(world.guild.id, () => 'Enough.');
    expect(performance.now() - startedMs).toBeLessThan(2000);
    await expectNothingOnAir(world);
    held.release();
    await eventually('the nickname is as before', () => world.guild.botNickname === null);
  });

  test('refuses both only later ends the show', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const held = world.discord.rest.hold(MARKS);
    const host = world.host();
    await host.join(channel);
    const answer = await typed(world, host, 'start');
    await answer.settled();
    expect(answer.content).toContain('is on air');
    world.discord.rest.fail(403, refusal, 2, MARKS);
    held.release();
    const told = await world.discord.messageIn(channel, ({ text }) => text.includes('The podcast is over.'));
    expect(told.text).toContain('has to be marked');
    await eventually('the bot has left', () => world.guild.botVoice.channel === undefined);
  });
});
