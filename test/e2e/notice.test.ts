import { describe, expect, test } from 'vitest';
import { type PermissionName, invitedBotPermissions } from '../../simulator/permissions.ts';
import { isSilence } from '../../src/audio/opus-packet.ts';
import { noticeFrames } from '../../src/bot/notice/notice-speech.ts';
import { podcast } from '../support/commands.ts';
import { eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

/** A fifth of a second of it: the sentence itself takes five. */
const SOME_FRAMES = 10;

test('people in the channel hear that it is on air, from the first frame on, and listeners do not', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table');
  const host = world.host();
  await host.join(channel);
  const hearing = host.listen();
  const show = await goOnAir(world, channel, host);
  const notice = await noticeFrames('en');
  const heard = (): Buffer[] =>
    hearing.frames.flatMap(({ opus }) => (opus && !isSilence(opus) ? [opus] : []));
  await eventually('it is heard', () => heard().length >= SOME_FRAMES);
  expect(heard().slice(0, SOME_FRAMES)).toEqual(notice.slice(0, SOME_FRAMES));
  expect(hearing.speaking.length).toBeGreaterThan(0);
  await isHeard(host, show);
  const said = new Set(notice.map((frame) => frame.toString('base64')));
  const echoes = show.ear.frames.filter(({ opus }) => said.has(Buffer.from(opus).toString('base64')));
  expect(echoes).toEqual([]);
});

/** What a host is told who starts a show in a channel of this kind, and the sentence in question. */
async function started(
  kind: 'voice' | 'stage',
  permissions: readonly PermissionName[],
): Promise<{ content: string; unheard: string }> {
  const world = await startWorld();
  world.guild.setBotPermissions(permissions);
  const channel =
    kind === 'voice' ? world.guild.addVoiceChannel('table') : world.guild.addStageChannel('stage');
  const host = world.host();
  await host.join(channel);
  const { content } = await podcast(world, host, 'start');
  const unheard = `I may not speak in <#${channel.id}>, so nobody hears my spoken notice: tell the people there that they are on air.`;
  return { content, unheard };
}

function without(missing: PermissionName): PermissionName[] {
  return invitedBotPermissions.filter((permission) => permission !== missing);
}

describe('whoever starts a show is told that nobody hears the notice', () => {
  test.each([
    ['where the bot has no permission to speak', 'voice', without('Speak')],
    ['where it waits to be invited on the stage', 'stage', invitedBotPermissions],
    ['where it stays in the audience', 'stage', without('RequestToSpeak')],
  ] as const)('%s', async (_where, kind, permissions) => {
    const { content, unheard } = await started(kind, permissions);
    expect(content.split('\n').at(-1)).toBe(unheard);
  });

  test.each([
    ['voice', invitedBotPermissions],
    ['stage', [...invitedBotPermissions, 'MuteMembers']],
  ] as const)('and not where it may speak: in a %s channel', async (kind, permissions) => {
    const { content } = await started(kind, permissions);
    expect(content).toContain('is on air');
    expect(content).not.toContain('notice');
  });
});

test('it is spoken in the language of the server', async () => {
  const world = await startWorld();
  const guild = world.discord.addGuild('編み物', { locale: 'ja' });
  const elsewhere = { ...world, guild, chat: guild.addTextChannel('chat') };
  const host = guild.addPerson('Hanako', { permissions: ['ManageEvents'] });
  const channel = guild.addVoiceChannel('table');
  await host.join(channel);
  const hearing = host.listen();
  await goOnAir(elsewhere, channel, host);
  const notice = await noticeFrames('ja');
  await eventually('it is heard', () =>
    hearing.frames.some(({ opus }) => opus?.equals(notice[SOME_FRAMES]!)),
  );
});
