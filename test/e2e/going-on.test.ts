import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Ending } from '../../src/client/relay-socket.ts';
import { SimulatedDiscord } from '../../simulator/discord.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { type Child, startChild } from '../support/child.ts';
import { expectNothingOnAir, listedOnRelay, podcast } from '../support/commands.ts';
import {
  type Show,
  type World,
  eventually,
  goOnAir,
  hearsOn,
  isHeard,
  listenTo,
  speechOf,
  startWorld,
} from '../support/on-air.ts';

/** What is promised between the start of the program and the first new word that a listener hears. */
const GOES_ON_MS = 10_000;

async function onAir(world: World): Promise<Show> {
  const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  await isHeard(show.host, show);
  return show;
}

async function textIn(world: World, channel: VoiceChannel, words: string): Promise<void> {
  await world.discord.messageIn(channel, ({ text }) => text.includes(words));
}

describe('a program that is stopped and started again', () => {
  test('goes on with the podcast: same id, same key, and the listener hears each new word', async () => {
    const world = await startWorld();
    const show = await onAir(world);
    const { id } = show.broadcast.podcast;
    const startedMs = performance.now();
    const again = await world.restarted();
    expect(await hearsOn(show.host, show, startedMs)).toBeLessThan(GOES_ON_MS);
    // A word that was sealed under another key would not have opened.
    expect(show.ear.listener.unopened).toBe(0);
    const broadcast = again.program.bot.broadcasts.of(world.guild.id);
    expect(broadcast?.podcast.id).toBe(id);
    expect(broadcast?.hostUserId).toBe(show.host.id);
    expect(broadcast?.startedAtMs).toBe(show.broadcast.startedAtMs);
    const record = show.channel.record();
    await show.host.speak(await speechOf('allison'), { frames: 50 }).done;
    const spoken = record.frames.filter(({ settled }) => settled);
    expect(spoken.length).toBeGreaterThanOrEqual(50);
    await eventually('all of a speech comes, byte for byte', () => show.ear.missing(spoken).length === 0);
    await textIn(world, show.channel, 'I am back; the podcast goes on.');
  });

  test('opens a private podcast to the key that it had, and to no other', async () => {
    const world = await startWorld();
    const host = world.host();
    const channel = world.guild.addVoiceChannel('round table');
    await host.join(channel);
    await podcast(world, host, 'start', { visibility: 'private' });
    const before = world.program.bot.broadcasts.of(world.guild.id)?.podcast;
    const again = await world.restarted();
    await eventually('it is on air again', () => again.program.bot.broadcasts.all().length === 1);
    const after = again.program.bot.broadcasts.of(world.guild.id)?.podcast;
    expect(after?.listen_key).toMatch(/^[0-9a-f]{32}$/);
    expect(after).toMatchObject({ id: before?.id, listen_key: before?.listen_key, title: before?.title });
  });

  test('can be stopped and started over and over, and /podcast stop ends it for good', async () => {
    const world = await startWorld();
    const show = await onAir(world);
    let again = world;
    for (let round = 0; round < 3; round += 1) {
      again = await again.restarted();
      await hearsOn(show.host, show, 0);
    }
    const ended = once(show.ear.listener, 'ended');
    await podcast(again, show.host, 'stop');
    const [{ code }] = (await ended) as [Ending];
    expect(code).toBe(4003);
    again = await again.restarted();
    await expectNothingOnAir(again);
  });

  test('never goes back to where it was kicked', async () => {
    const world = await startWorld();
    const { channel, ear } = await onAir(world);
    const ended = once(ear.listener, 'ended');
    channel.kickBot();
    await ended;
    const again = await world.restarted();
    await expectNothingOnAir(again);
    const tries = again.logLines.filter((line) => /on air again|does not go on/.test(line));
    expect(tries).toEqual([]);
  });

  test("ends the show of a channel that is gone, with one line in the log; another guild's goes on", async () => {
    const world = await startWorld();
    const { channel } = await onAir(world);
    const guild = world.discord.addGuild('Chess Club');
    const otto = guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    const elsewhere = { ...world, guild, chat: guild.addTextChannel('chat') };
    const other = await goOnAir(elsewhere, guild.addVoiceChannel('side table'), otto);
    const { id } = other.broadcast.podcast;
    await world.program.stop();
    // What happens while the program is down it can only see afterwards.
    channel.delete();
    const again = await world.restarted();
    await hearsOn(otto, other, 0);
    expect(again.logLines.filter((line) => line.includes('does not go on'))).toHaveLength(1);
    await eventually('the bot has its name back', () => world.guild.botNickname === null);
    expect((await listedOnRelay(again)).map((listed) => listed.id)).toEqual([id]);
    expect(guild.botNickname).toContain('ON AIR');
    const thrice = await again.restarted();
    await eventually('it is on air again', () => thrice.program.bot.broadcasts.all().length === 1);
    expect(thrice.logLines.filter((line) => line.includes('does not go on'))).toHaveLength(1);
  });

  test('ends a show whose channel has been empty since', async () => {
    const world = await startWorld({ settings: { EMPTY_CHANNEL_MINUTES: '0.02' } });
    const { host, channel, ear } = await onAir(world);
    const ended = once(ear.listener, 'ended');
    await world.program.stop();
    host.leave();
    await world.restarted();
    const [{ code }] = (await ended) as [Ending];
    expect(code).toBe(4003);
    await textIn(world, channel, 'Nobody has been in');
  });
});

describe('a gateway session that Discord declares invalid', () => {
  test('costs the listeners a pause, and nothing more', async () => {
    const world = await startWorld();
    const show = await onAir(world);
    const before = show.channel.botPeer;
    world.discord.gateway.invalidateSession();
    await eventually('the bot is back', () => ![undefined, before].includes(show.channel.botPeer));
    await show.channel.botJoined();
    await isHeard(show.host, show);
    expect(show.broadcast.isOnAir).toBe(true);
    await textIn(world, show.channel, 'I am back; the podcast goes on.');
  });
});

test('a kick that came while the gateway was away is respected once it is back', async () => {
  const world = await startWorld();
  const { channel, ear, broadcast } = await onAir(world);
  const ended = once(ear.listener, 'ended');
  world.discord.gateway.drop();
  channel.kickBot();
  await ended;
  expect(broadcast.isOnAir).toBe(false);
  await textIn(world, channel, 'disconnected me from the channel');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a program that was killed goes on when it is started again: the listener hears new words within ten seconds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-'));
  const discord = await SimulatedDiscord.start();
  onTestFinished(async () => {
    await discord.close();
    rmSync(folder, { recursive: true });
  });
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, discord.certificateAuthority);
  const guild = discord.addGuild('Knitting Circle');
  const chat = guild.addTextChannel('chat');
  const channel = guild.addVoiceChannel('round table');
  const host = guild.addPerson('Hanna', { permissions: ['ManageEvents'] });
  await host.join(channel);
  const port = await freePort();
  const start = async (): Promise<Child> => {
    const program = startChild(['src/main.ts'], {
      DISCORD_TOKEN: discord.botToken,
      DISCORD_API: discord.apiUrl,
      NODE_EXTRA_CA_CERTS: authority,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
    });
    await program.prints(/logged in to Discord/);
    return program;
  };

  const first = await start();
  await (await host.command(chat, 'podcast', 'start')).settled();
  await channel.botJoined();
  const url = `http://127.0.0.1:${port}`;
  const { podcasts } = (await (await fetch(`${url}/list`)).json()) as { podcasts: { id: number }[] };
  const ear = await listenTo({ url }, podcasts[0]!.id);
  await isHeard(host, { ear });

  first.process.kill('SIGKILL');
  await first.exited;
  const startedMs = performance.now();
  const second = await start();
  expect(await hearsOn(host, { ear }, startedMs)).toBeLessThan(GOES_ON_MS);
  expect(ear.listener.unopened).toBe(0);

  second.process.kill('SIGTERM');
  expect(await second.exited).toBe(0);
  expect(second.output()).toContain('relay closed');
  expect(second.output()).toContain('PUBLIC_URL is not set: links to listen name this address');
}, 60_000);
