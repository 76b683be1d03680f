import { once } from 'node:events';
import { joinVoiceChannel, type VoiceConnection } from '@discordjs/voice';
import { Client, Events, GatewayIntentBits, MessageFlags, type Interaction } from 'discord.js';
import { afterEach, expect, test } from 'vitest';
import { SimulatedDiscord } from '../../simulator/discord.ts';
import { loadSpeech } from '../../simulator/speech.ts';
import { tapAudio } from '../support/sim-audio-tap.ts';

let discord: SimulatedDiscord;
let client: Client;

afterEach(async () => {
  await client.destroy();
  await discord.close();
});

test('a discord.js bot logs in, answers a command, joins the call and hears every frame', async () => {
  discord = await SimulatedDiscord.start();
  discord.trustCertificate();
  const guild = discord.addGuild('Knitting Circle');
  const text = guild.addTextChannel('chat');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');

  client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    rest: { api: discord.apiUrl },
  });
  let connection: VoiceConnection | undefined;
  const listen = async (interaction: Interaction): Promise<void> => {
    if (!interaction.isChatInputCommand() || !interaction.inCachedGuild()) return;
    const channel = interaction.member.voice.channel;
    if (!channel) return;
    connection = joinVoiceChannel({
      guildId: channel.guildId,
      channelId: channel.id,
      adapterCreator: channel.guild.voiceAdapterCreator,
      selfDeaf: false,
    });
    await interaction.reply({ content: `Listening to ${channel.name}`, flags: MessageFlags.Ephemeral });
  };
  client.on(Events.InteractionCreate, (interaction) => void listen(interaction));
  const ready = once(client, Events.ClientReady);
  await client.login(discord.botToken);
  await ready;
  await client.application?.commands.set([{ name: 'listen', description: 'Joins your call' }]);

  await ann.join(voice);
  const answer = await ann.command(text, 'listen');
  expect(answer.content).toBe('Listening to general');
  expect(answer.ephemeral).toBe(true);

  await voice.botJoined();
  if (!connection) throw new Error('no connection');
  const heard = tapAudio(connection);
  const record = voice.record();
  const speech = await loadSpeech(new URL('../../simulator/speech/allison.opus', import.meta.url));
  await ann.speak(speech, { frames: 200, frameIntervalMs: 2 }).done;

  expect(record.frames).toHaveLength(205);
  expect(record.frames.every((frame) => frame.settled)).toBe(true);
  await expect.poll(() => heard.frames.length).toBe(205);
  for (const [index, said] of record.frames.entries()) {
    expect(heard.frames[index]).toEqual({
      userId: ann.id,
      sequence: said.sequence,
      timestamp: said.timestamp,
      ssrc: said.ssrc,
      opus: said.opus,
    });
  }
  expect(discord.unknownRequests).toEqual([]);
});
