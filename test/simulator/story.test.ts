import { MessageFlags } from 'discord.js';
import { expect, test } from 'vitest';
import { loadSpeech, speechFiles } from '../../simulator/speech.ts';
import { enterCall, logIn, onInteraction, startDiscord, type BotInCall } from '../support/sim-bot.ts';

test('a discord.js bot logs in, answers a command, joins the call and hears every frame', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Knitting Circle');
  const text = guild.addTextChannel('chat');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');

  const client = await logIn(discord);
  let bot: BotInCall | undefined;
  onInteraction(client, async (interaction) => {
    if (!interaction.isChatInputCommand() || !interaction.inCachedGuild()) return;
    const { channelId } = interaction.member.voice;
    expect(channelId).toBe(voice.id);
    bot = enterCall(client, guild, voice);
    await interaction.reply({ content: 'Listening', flags: MessageFlags.Ephemeral });
  });
  await client.application.commands.set([{ name: 'listen', description: 'Joins your call' }]);

  await ann.join(voice);
  const answer = await ann.command(text, 'listen');
  expect(answer.content).toBe('Listening');
  expect(answer.ephemeral).toBe(true);

  await voice.botJoined();
  const record = voice.record();
  const speech = await loadSpeech(speechFiles.allison);
  await ann.speak(speech, { frames: 200, frameIntervalMs: 2 }).done;

  expect(record.frames).toHaveLength(205);
  expect(record.frames.every((frame) => frame.settled && frame.fate === 'sent')).toBe(true);
  await expect.poll(() => bot?.tap.frames.length).toBe(205);
  const said = record.frames.map(({ userId, sequence, timestamp, ssrc, opus }) => ({
    userId,
    sequence,
    timestamp,
    ssrc,
    opus,
  }));
  expect(bot?.tap.frames).toEqual(said);
  expect(discord.unknownRequests).toEqual([]);
});
