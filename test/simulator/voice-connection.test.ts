import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { entersState, VoiceConnectionStatus, type VoiceConnection } from '@discordjs/voice';
import { Events } from 'discord.js';
import { expect, onTestFinished, test } from 'vitest';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { missing, type AudioTap } from '../support/sim-audio-tap.ts';
import { enterCall, joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

const opus = Buffer.from('780102', 'hex');

interface Scene {
  readonly guild: Guild;
  readonly voice: VoiceChannel;
  readonly ann: Person;
  readonly connection: VoiceConnection;
  readonly tap: AudioTap;
}

/** Ann and the bot in a settled call. */
async function inCall(): Promise<Scene> {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  const client = await logIn(discord);
  const bot = await joinCall(client, guild, voice);
  await ann.startSpeaking();
  return { guild, voice, ann, ...bot };
}

async function isHeard({ tap, ann, voice }: Scene): Promise<void> {
  await voice.botJoined();
  await ann.startSpeaking();
  const frame = ann.sendFrame(opus);
  await expect.poll(() => missing([frame], tap.frames)).toEqual([]);
}

test('a bot that is kicked is told 4014 and that it is in no channel', async () => {
  const { voice, connection, guild } = await inCall();
  voice.kickBot();
  await entersState(connection, VoiceConnectionStatus.Disconnected, 2000);
  expect(connection.state).toMatchObject({ closeCode: 4014 });
  expect(guild.botVoice.channel).toBeUndefined();
});

test('a bot that is moved finds itself in the other call and hears there', async () => {
  const scene = await inCall();
  const other = scene.guild.addVoiceChannel('other');
  await scene.ann.moveTo(other);
  scene.voice.moveBot(other);
  await isHeard({ ...scene, voice: other });
  expect(scene.voice.botPeer).toBeUndefined();
  expect(scene.connection.joinConfig.channelId).toBe(other.id);
});

test('a connection that is cut is resumed, with every message that it missed', async () => {
  const scene = await inCall();
  const { voice, guild, connection } = scene;
  const ssrc = voice.botPeer?.ssrc;
  voice.close(1006);
  // Ben comes while the bot is away: op 11, the proposals and what follows are in the replay.
  const ben = guild.addPerson('Ben');
  ben.enter(voice);
  await isHeard(scene);
  expect(voice.botPeer?.ssrc).toBe(ssrc);
  await ben.startSpeaking();
  const frame = ben.sendFrame(opus);
  expect(frame.settled).toBe(true);
  await expect.poll(() => missing([frame], scene.tap.frames)).toEqual([]);
  expect(connection.state.status).toBe(VoiceConnectionStatus.Ready);
});

test('4015 is resumed as well', async () => {
  const scene = await inCall();
  const ssrc = scene.voice.botPeer?.ssrc;
  scene.voice.close(4015);
  await isHeard(scene);
  expect(scene.voice.botPeer?.ssrc).toBe(ssrc);
});

test.for([4006, 4011, 4017, 4021, 4022])('%i ends the session: only a new one gets back in', async (code) => {
  const scene = await inCall();
  const ssrc = scene.voice.botPeer?.ssrc;
  scene.voice.close(code);
  expect(scene.voice.botPeer).toBeUndefined();
  await isHeard(scene);
  expect(scene.voice.botPeer?.ssrc).not.toBe(ssrc);
});

test('identifies can be refused as often as wanted', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  voice.refuseBot(3, 4006);
  const { connection } = enterCall(client, guild, voice);
  await voice.botJoined();
  expect(voice.refusal.timesLeft).toBe(0);
  await entersState(connection, VoiceConnectionStatus.Ready, 2000);
});

test('a guild whose voice server changes takes the bot along', async () => {
  const scene = await inCall();
  const ssrc = scene.voice.botPeer?.ssrc;
  await scene.guild.moveVoiceServer();
  await expect.poll(() => scene.voice.botPeer?.ssrc ?? ssrc).not.toBe(ssrc);
  await isHeard(scene);
});

test('a client without DAVE is closed with 4017 where frames are encrypted', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  const { connection } = enterCall(client, guild, voice, { daveEncryption: false });
  onTestFinished(() => {
    connection.removeAllListeners();
  });
  const codes: number[] = [];
  connection.on('stateChange', (_before, after) => {
    if (after.status === VoiceConnectionStatus.Connecting)
      after.networking.once('close', (code) => codes.push(code));
  });
  await expect.poll(() => codes.length).toBeGreaterThan(2);
  connection.destroy();
  expect(new Set(codes)).toEqual(new Set([4017]));
});

test('the bot is not let into a full or forbidden channel, without a word', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const full = guild.addVoiceChannel('full', { userLimit: 1 });
  const forbidden = guild.addVoiceChannel('forbidden', { denyBot: ['Connect'] });
  const open = guild.addVoiceChannel('open');
  await guild.addPerson('Ann').join(full);
  const client = await logIn(discord);
  enterCall(client, guild, full);
  enterCall(client, guild, forbidden);
  await joinCall(client, guild, open);
  expect(full.occupants).toHaveLength(1);
  expect(forbidden.occupants).toEqual([]);
});

test('the bot sees people come, mute and go', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  const client = await logIn(discord);
  const seen: string[] = [];
  client.on(Events.VoiceStateUpdate, (_before, after) => {
    const { member, channel, selfMute } = after;
    seen.push(`${member?.displayName} ${channel?.name} ${selfMute}`);
  });
  await ann.join(voice);
  ann.mute();
  ann.unmute();
  ann.leave();
  await expect
    .poll(() => seen)
    .toEqual(['Ann general false', 'Ann general true', 'Ann general false', 'Ann undefined false']);
});

test('people hear what the bot says', async () => {
  const { voice, ann, connection } = await inCall();
  const hearing = ann.listen();
  const { ssrc } = voice.botPeer ?? {};
  connection.playOpusPacket(opus);
  await expect.poll(() => hearing.frames).toMatchObject([{ ssrc, opus }]);
});

test('several calls go on at once, in one guild and in another', async () => {
  const discord = await startDiscord();
  const client = await logIn(discord);
  const scenes = await Promise.all(
    ['first', 'second', 'third'].map(async (name) => {
      const guild = discord.addGuild(name);
      const voice = guild.addVoiceChannel('general');
      const ann = guild.addPerson('Ann');
      await expect.poll(() => client.guilds.cache.has(guild.id)).toBe(true);
      await ann.join(voice);
      return { guild, voice, ann, ...(await joinCall(client, guild, voice)) };
    }),
  );
  for (const scene of scenes) await isHeard(scene);
});

test('a bot that logs out leaves its calls', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  await joinCall(client, guild, voice);
  const gone = once(voice.call, 'changed');
  await client.destroy();
  await gone;
  expect(voice.occupants).toEqual([]);
});

test('heartbeats keep both gateways up', async () => {
  const discord = await startDiscord({ heartbeatIntervalMs: 100, voiceHeartbeatIntervalMs: 100 });
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  const { connection } = await joinCall(client, guild, voice);
  await guild.addPerson('Ann').join(voice);
  await expect.poll(() => connection.ping.ws).toBeGreaterThanOrEqual(0);
  await expect.poll(() => client.ws.ping).toBeGreaterThanOrEqual(0);
  // A client that missed three heartbeats would have gone by now.
  await pause(600);
  await voice.botJoined();
  expect(discord.gateway.connected).toBe(1);
});

test('nobody gets into a full call', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('booth', { userLimit: 1 });
  await guild.addPerson('Ann').join(voice);
  await expect(guild.addPerson('Ben').join(voice)).rejects.toThrow('#booth is full: 1 are the most');
});

test('what is said right before leaving is still heard, however late it comes', async () => {
  const scene = await inCall();
  const { ann, tap, voice } = scene;
  // Of a speaker's first frames, davey refuses those that were sealed before the first to arrive.
  await isHeard(scene);
  voice.faults.jitterMs = 100;
  const frames = Array.from({ length: 20 }, (_, index) => ann.sendFrame(Buffer.from([0x78, index])));
  ann.leave();
  await expect.poll(() => missing(frames, tap.frames)).toEqual([]);
});
