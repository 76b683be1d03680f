import { once } from 'node:events';
import { VoiceConnectionStatus } from '@discordjs/voice';
import {
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  GatewayOpcodes,
  MessageFlags,
  Routes,
  type Client,
} from 'discord.js';
import { expect, test } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { joinCall, logIn, onInteraction, startDiscord } from '../support/sim-bot.ts';

/** The data of each event of a kind, as it came over the gateway. */
function eventsOf(client: Client, name: GatewayDispatchEvents): readonly unknown[] {
  const seen: unknown[] = [];
  client.ws.on(name, (data: unknown) => seen.push(data));
  return seen;
}

test('a voice channel that is deleted throws everybody out, the bot with 4014', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  const client = await logIn(discord);
  const { connection } = await joinCall(client, guild, voice);
  const deleted = once(client, Events.ChannelDelete);
  const closed = once(connection, VoiceConnectionStatus.Disconnected);
  voice.delete();
  await deleted;
  const [, disconnected] = await closed;
  expect(disconnected).toMatchObject({ closeCode: 4014 });
  expect(client.channels.cache.has(voice.id)).toBe(false);
  expect(ann.channel).toBeUndefined();
  expect(guild.voiceStates.all).toEqual([]);
  await expect.poll(() => client.guilds.cache.get(guild.id)?.members.me?.voice.channelId).toBeNull();
  await expect(ann.join(voice)).rejects.toThrow('#general is gone');
  voice.delete();
});

test('with a channel its messages are gone, and nothing more can be done in it', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const text = guild.addTextChannel('chat');
  const ann = guild.addPerson('Ann');
  const client = await logIn(discord);
  const edits: unknown[] = [];
  const released = Promise.withResolvers<void>();
  onInteraction(client, async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.reply('here');
    await released.promise;
    edits.push(await interaction.editReply('still here').catch((error: unknown) => error));
  });
  await client.application.commands.set([{ name: 'ping', description: 'Answers' }]);
  await client.rest.post(Routes.channelMessages(text.id), { body: { content: 'a post' } });
  const [message] = discord.messagesIn(text);
  const answer = await ann.command(text, 'ping');
  text.delete();
  expect(message?.isDeleted).toBe(true);
  expect(answer.message?.isDeleted).toBe(true);
  await expect(client.rest.get(Routes.channelMessages(text.id))).rejects.toMatchObject({ code: 10_003 });
  await expect(ann.command(text, 'ping')).rejects.toThrow('Ann does not see #chat');
  released.resolve();
  await expect.poll(() => edits).toMatchObject([{ code: 10_008 }]);
});

test('a message that a moderator deletes can no longer be edited', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const text = guild.addTextChannel('chat');
  const mod = guild.addPerson('Mod', { permissions: ['ManageMessages'] });
  const client = await logIn(discord, [GatewayIntentBits.GuildMessages]);
  const told = eventsOf(client, GatewayDispatchEvents.MessageDelete);
  await client.rest.post(Routes.channelMessages(text.id), { body: { content: 'a post' } });
  const message = await discord.messageIn(text);
  expect(() => guild.addPerson('Ann').deleteMessage(message)).toThrow('Ann may not delete messages in #chat');
  mod.deleteMessage(message);
  expect(() => mod.deleteMessage(message)).toThrow('there is no message');
  await expect.poll(() => told).toMatchObject([{ id: message.id, channel_id: text.id, guild_id: guild.id }]);
  const edit = client.rest.patch(Routes.channelMessage(text.id, message.id), { body: { content: 'more' } });
  await expect(edit).rejects.toMatchObject({ status: 404, code: 10_008 });
});

test('without the intent a bot is not told of deleted messages', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const text = guild.addTextChannel('chat');
  const client = await logIn(discord);
  const told = eventsOf(client, GatewayDispatchEvents.MessageDelete);
  await client.rest.post(Routes.channelMessages(text.id), { body: { content: 'a post' } });
  text.deleteMessage(await discord.messageIn(text));
  const created = once(client, Events.ChannelCreate);
  guild.addTextChannel('told after it');
  await created;
  expect(told).toEqual([]);
});

test('an answer that a moderator deletes is gone for the bot too, unless it is ephemeral', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const text = guild.addTextChannel('chat');
  const mod = guild.addPerson('Mod', { permissions: ['ManageMessages'] });
  const client = await logIn(discord);
  const deleted = Promise.withResolvers<void>();
  const edits: unknown[] = [];
  onInteraction(client, async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const flags = interaction.commandName === 'whisper' ? [MessageFlags.Ephemeral as const] : [];
    await interaction.reply({ content: 'here', flags });
    await deleted.promise;
    edits.push(await interaction.editReply('still here').catch((error: unknown) => error));
  });
  const description = 'Answers';
  await client.application.commands.set([
    { name: 'ping', description },
    { name: 'whisper', description },
  ]);
  const whispered = await mod.command(text, 'whisper');
  expect(() => mod.deleteMessage(whispered)).toThrow('there is no message');
  const answer = await mod.command(text, 'ping');
  mod.deleteMessage(answer);
  deleted.resolve();
  await expect.poll(() => edits.length).toBe(2);
  expect(edits).toContainEqual(expect.objectContaining({ code: 10_008 }));
  expect(edits).toContainEqual(expect.objectContaining({ content: 'still here' }));
});

test('a limit that changes holds for the next one', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const [ann, ben] = [guild.addPerson('Ann'), guild.addPerson('Ben')];
  const client = await logIn(discord);
  await ann.join(voice);
  const updated = once(client, Events.ChannelUpdate);
  voice.setUserLimit(1);
  const [, channel] = await updated;
  expect(channel).toMatchObject({ userLimit: 1 });
  await expect(ben.join(voice)).rejects.toThrow('#general is full: 1 are the most');
  voice.setUserLimit(0);
  await ben.join(voice);
});

test('a channel status takes a permission, and another from outside', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const stage = guild.addStageChannel('town hall');
  const ann = guild.addPerson('Ann');
  const client = await logIn(discord);
  const told = eventsOf(client, GatewayDispatchEvents.VoiceChannelStatusUpdate);
  const set = async (channel: { readonly id: string }, status: unknown): Promise<unknown> =>
    await client.rest.put(`/channels/${channel.id}/voice-status`, { body: { status } });

  await expect(set(voice, 'from outside')).rejects.toMatchObject({ status: 403, code: 50_013 });
  await joinCall(client, guild, voice);
  await set(voice, 'on air');
  expect(voice.status).toBe('on air');
  await expect(set(voice, 'x'.repeat(501))).rejects.toMatchObject({ status: 400, code: 50_035 });
  await set(voice, 'x'.repeat(500));
  await set(voice, null);
  expect(voice.status).toBe('');
  await expect(set(stage, 'on air')).rejects.toMatchObject({ status: 400, code: 50_024 });
  expect(discord.requests.findLast(({ status }) => status < 300)?.status).toBe(204);

  expect(() => ann.setStatus(voice, 'knitting')).toThrow('Ann may not change the status of #general');
  await ann.join(voice);
  ann.setStatus(voice, 'knitting');
  guild.setBotPermissions(['ViewChannel', 'Connect', 'ManageChannels']);
  await expect(set(voice, 'mine')).rejects.toMatchObject({ code: 50_013 });
  expect(voice.status).toBe('knitting');
  const base = { id: voice.id, guild_id: guild.id };
  await expect
    .poll(() => told)
    .toEqual(['on air', 'x'.repeat(500), null, 'knitting'].map((status) => ({ ...base, status })));
});

test('a bot that asks is told the statuses that it has not seen change', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  guild.addVoiceChannel('without a status');
  voice.setStatus('knitting');
  const client = await logIn(discord);
  const told = eventsOf(client, GatewayDispatchEvents.ChannelInfo);
  const fields = ['status'];
  client.ws.shards
    .first()
    ?.send({ op: GatewayOpcodes.RequestChannelInfo, d: { guild_id: guild.id, fields } });
  await expect
    .poll(() => told)
    .toEqual([{ guild_id: guild.id, channels: [{ id: voice.id, status: 'knitting' }] }]);
});

test('from outside a channel its status takes ManageChannels', async () => {
  const discord = await startDiscord();
  const permissions = [...invitedBotPermissions, 'ManageChannels'] as const;
  const guild = discord.addGuild('Guild', { botPermissions: permissions });
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  await client.rest.put(`/channels/${voice.id}/voice-status`, { body: { status: 'soon' } });
  expect(voice.status).toBe('soon');
});

test('the bot changes its nickname if it may, and a moderator changes it too', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const client = await logIn(discord);
  const me = client.guilds.cache.get(guild.id)?.members.me;
  await me?.setNickname('![ON AIR] Bot');
  expect(guild.botNickname).toBe('![ON AIR] Bot');
  await me?.setNickname('x'.repeat(32));
  await expect(me?.setNickname('x'.repeat(33))).rejects.toMatchObject({ status: 400, code: 50_035 });
  guild.renameBot('Knitter');
  await expect.poll(() => me?.nickname).toBe('Knitter');
  await me?.setNickname(null);
  expect(guild.botNickname).toBeNull();
  guild.setBotPermissions(['ViewChannel']);
  await expect(me?.setNickname('Bot')).rejects.toMatchObject({ status: 403, code: 50_013 });
});
