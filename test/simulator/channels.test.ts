import { setTimeout as pause } from 'node:timers/promises';
import { ChannelType, PermissionFlagsBits, Routes, type Client, type GuildMember } from 'discord.js';
import { expect, test } from 'vitest';
import {
  bitsOf,
  channelPermissions,
  holds,
  invitedBotPermissions,
  permissionBits,
} from '../../simulator/permissions.ts';
import { joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

function sendable(client: Client, id: string) {
  const channel = client.channels.cache.get(id);
  if (!channel?.isSendable()) throw new Error('nothing can be sent there');
  return channel;
}

test('messages are written, edited and deleted, in the chat of a voice channel too', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  const message = await sendable(client, voice.id).send({ content: 'On air', files: [Buffer.from('abc')] });
  const [seen] = discord.messagesIn(voice);
  expect(seen).toMatchObject({ content: 'On air', edits: 0, attachments: [{ size: 3 }] });
  await message.edit('Off air');
  expect(seen).toMatchObject({ content: 'Off air', edits: 1 });
  expect((await message.fetch()).content).toBe('Off air');
  await message.delete();
  expect(seen?.isDeleted).toBe(true);
  expect(discord.messagesIn(voice)).toEqual([]);
  await expect(message.edit('gone')).rejects.toMatchObject({ code: 10_008 });
});

test('a message can be waited for', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const text = guild.addTextChannel('chat');
  const client = await logIn(discord);
  const waiting = discord.messageIn(text, (message) => message.content === 'second');
  await sendable(client, text.id).send('first');
  await sendable(client, text.id).send('second');
  expect((await waiting).content).toBe('second');
});

test('where the bot may not write, it is told Missing Permissions', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const silent = guild.addTextChannel('silent', { denyBot: ['SendMessages'] });
  const client = await logIn(discord);
  const post = client.rest.post(Routes.channelMessages(silent.id), { body: { content: 'x' } });
  await expect(post).rejects.toMatchObject({ code: 50_013, status: 403 });
  await expect(client.rest.get('/nowhere')).rejects.toMatchObject({ status: 404 });
  expect(discord.unknownRequests).toMatchObject([{ method: 'GET', path: '/nowhere', status: 404 }]);
});

test('on a stage the bot is in the audience until it may speak', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const stage = guild.addStageChannel('town hall');
  const ann = guild.addPerson('Ann');
  const client = await logIn(discord);
  await ann.join(stage);
  const hearing = ann.listen();
  const { connection } = await joinCall(client, guild, stage);
  const me = client.guilds.cache.get(guild.id)?.members.me;
  expect(me?.voice.channel?.type).toBe(ChannelType.GuildStageVoice);
  expect(me?.voice.suppress).toBe(true);

  await expect(me?.voice.setSuppressed(false)).rejects.toMatchObject({ code: 50_013 });
  await me?.voice.setRequestToSpeak(true);
  expect(stage.botHandRaised).toBe(true);
  connection.playOpusPacket(Buffer.from('7801', 'hex'));
  // Nothing tells that a packet was not passed on: it must have had the time.
  await pause(50);
  stage.inviteBot();
  await expect.poll(() => me?.voice.suppress).toBe(false);
  expect(stage.botOnStage).toBe(true);
  connection.playOpusPacket(Buffer.from('7802', 'hex'));
  await expect.poll(() => hearing.frames).toMatchObject([{ opus: Buffer.from('7802', 'hex') }]);

  stage.sendBotToAudience();
  guild.setBotPermissions([...invitedBotPermissions, 'MuteMembers']);
  await expect.poll(() => me?.permissions.has('MuteMembers')).toBe(true);
  await me?.voice.setSuppressed(false);
  expect(stage.botOnStage).toBe(true);
});

test('a raised hand takes RequestToSpeak', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild', { botPermissions: ['ViewChannel', 'Connect'] });
  const stage = guild.addStageChannel('town hall');
  const client = await logIn(discord);
  await joinCall(client, guild, stage);
  const me = client.guilds.cache.get(guild.id)?.members.me;
  await expect(me?.voice.setRequestToSpeak(true)).rejects.toMatchObject({ code: 50_013 });
});

test('the audit log is for those who may read it', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann', { permissions: ['MoveMembers'] });
  const client = await logIn(discord);
  const cached = client.guilds.cache.get(guild.id);
  await joinCall(client, guild, voice);
  voice.kickBot({ by: ann });
  await expect(cached?.fetchAuditLogs()).rejects.toMatchObject({ code: 50_013 });
  guild.setBotPermissions([...invitedBotPermissions, 'ViewAuditLog']);
  const log = await cached?.fetchAuditLogs({ type: 27, limit: 1 });
  expect(log?.entries.first()?.executorId).toBe(ann.id);
});

test('the bits are those of discord.js', () => {
  const known = new Map<string, bigint>(Object.entries(PermissionFlagsBits));
  for (const [name, bit] of Object.entries(permissionBits)) expect(known.get(name), name).toBe(bit);
  expect(bitsOf(invitedBotPermissions)).toBe(281_479_375_506_432n);
});

test('permissions add up as discord.js adds them up', () => {
  const holder = {
    userId: '9',
    roles: [
      { id: '1', permissions: bitsOf(['ViewChannel', 'Connect']) },
      { id: '2', permissions: bitsOf(['Speak']) },
    ],
  };
  const role = {
    kind: 'role',
    id: '2',
    allow: bitsOf(['Stream']),
    deny: bitsOf(['Connect', 'Speak']),
  } as const;
  const own = { kind: 'member', id: '9', allow: bitsOf(['Connect']), deny: bitsOf(['ViewChannel']) } as const;
  const others = { kind: 'member', id: '8', allow: 0n, deny: bitsOf(['Stream']) } as const;
  expect(channelPermissions(holder, [own, role, others])).toBe(bitsOf(['Connect', 'Stream']));
  const admin = { userId: '7', roles: [{ id: '1', permissions: bitsOf(['Administrator']) }] };
  expect(holds(channelPermissions(admin, [role, own]), 'Speak')).toBe(true);
});

test('people find no commands where they see nothing', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const secret = guild.addTextChannel('secret', { denyPeople: ['ViewChannel'] });
  const ann = guild.addPerson('Ann');
  const client = await logIn(discord);
  await expect(ann.command(secret, 'anything')).rejects.toThrow('Ann does not see #secret');
  const member = await client.guilds.cache.get(guild.id)?.members.fetch(ann.id);
  const sees = (): boolean | undefined => member && guildChannelSeenBy(client, secret.id, member);
  expect(sees()).toBe(false);
  secret.denyPeople([]);
  await expect.poll(sees).toBe(true);
});

function guildChannelSeenBy(client: Client, channelId: string, member: GuildMember): boolean {
  const channel = client.channels.cache.get(channelId);
  if (!channel || channel.isDMBased()) throw new Error('no such channel');
  return channel.permissionsFor(member).has('ViewChannel');
}
