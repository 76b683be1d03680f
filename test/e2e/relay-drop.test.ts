import { once } from 'node:events';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { podcast } from '../../commands/podcast.ts';
import { SimulatedDiscord } from '../../simulator/discord.ts';
import { startBot } from '../../src/bot/bot.ts';
import { IN_MEMORY } from '../../src/bot/store/bot-database.ts';
import { openBotStore } from '../../src/bot/store/bot-store.ts';
import { VOICE_TIMINGS } from '../../src/bot/voice/voice-timings.ts';
import { proxyTo } from '../support/cuttable-proxy.ts';
import { eventually, isHeard, listenTo } from '../support/on-air.ts';
import { startTestRelay } from '../support/test-relay.ts';

test('a bot whose connection to the relay is cut resumes: same podcast, and the listener hears on', async () => {
  const discord = await SimulatedDiscord.start();
  discord.trustCertificate();
  const relay = await startTestRelay();
  const proxy = await proxyTo(relay.port);
  const bot = await startBot({
    token: discord.botToken,
    api: discord.apiUrl,
    relay: `http://127.0.0.1:${proxy.port}`,
    account: relay.account,
    commands: [podcast],
    buttons: [],
    goesOn: false,
    storageKey: new Uint8Array(32),
    store: openBotStore(IN_MEMORY),
    timings: { ...VOICE_TIMINGS, emptyChannelMs: 60_000 },
    log: pino({ level: 'silent' }),
  });
  onTestFinished(async () => {
    await bot.close();
    await discord.close();
  });
  const guild = discord.addGuild('Knitting Circle');
  const chat = guild.addTextChannel('chat');
  const channel = guild.addVoiceChannel('round table');
  const host = guild.addPerson('Hanna', { permissions: ['ManageEvents'] });
  await host.join(channel);
  await (await host.command(chat, 'podcast', 'start')).settled();
  await channel.botJoined();
  const broadcast = bot.broadcasts.of(guild.id)!;
  const ear = await listenTo(relay, broadcast.podcast.id);
  await isHeard(host, { ear });

  proxy.cut();
  await relay.logged('podcast interrupted');
  await relay.logged('podcast resumed');
  const sentBefore = broadcast.status().frames;
  await eventually('frames reach the relay again', () => {
    host.sendFrame(Buffer.from('\xfcis anybody there', 'latin1'));
    return broadcast.status().frames > sentBefore;
  });
  await isHeard(host, { ear });
  expect(broadcast.isOnAir).toBe(true);

  // The relay goes for good: the show ends, and the channel is told why.
  proxy.refuse(true);
  proxy.cut();
  const ended = once(ear.listener, 'ended');
  await relay.close();
  await discord.messageIn(channel, ({ text }) => text.includes('The relay ended the podcast'));
  await ear.listener.close();
  await ended;
}, 40_000);
