import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Seats, hears, soundsIn } from '../support/audience.ts';
import { podcast } from '../support/commands.ts';
import { type World, eventually, goOnAir, hearsOn, speechOf, startWorld } from '../support/on-air.ts';

async function playsOn(
  { discord, program }: World,
  seats: Seats,
  host: Parameters<typeof hearsOn>[0],
): Promise<void> {
  await eventually('it plays again', () => program.bot.audiences.of(seats.guild.id) !== undefined);
  await seats.channel.botJoined();
  const before = soundsIn(seats).length;
  const speech = await speechOf('allison');
  // The bot is on its way into both channels: people go on talking meanwhile.
  while (soundsIn(seats).length < before + 50) await host.speak(speech, { from: 100, frames: 60 }).done;
  expect(discord.unknownRequests).toEqual([]);
}

test('an audience plays on after a restart, where it was moved to, and one that was ended does not', async () => {
  const world = await startWorld();
  const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const { id } = show.broadcast.podcast;
  const choir = await hears(world, world.discord.addGuild('Choir').addVoiceChannel('stalls'), id);
  const chess = await hears(world, world.discord.addGuild('Chess Club').addVoiceChannel('hall'), id);
  const balcony = choir.guild.addVoiceChannel('balcony');
  await choir.ben.join(balcony);
  choir.channel.moveBot(balcony);
  await balcony.botJoined();
  await podcast(world, chess.ben, 'leave');
  const again = await world.restarted();
  await hearsOn(show.host, show, 0);
  await playsOn(again, { ...choir, channel: balcony, hearing: choir.ben.listen() }, show.host);
  expect(again.program.bot.audiences.all()).toHaveLength(1);
  expect(chess.guild.botVoice.channel).toBeUndefined();
});

test('an audience of a private podcast plays on, and its key is nowhere on the disk', async () => {
  const world = await startWorld();
  const host = world.host();
  await host.join(world.guild.addVoiceChannel('round table'));
  await podcast(world, host, 'start', { visibility: 'private' });
  const { url, listen_key: key = '' } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
  expect(key).not.toBe('');
  const stalls = world.discord.addGuild('Choir').addVoiceChannel('stalls');
  const seats = await hears(world, stalls, `${url}&key=${key}`);
  for (const file of readdirSync(world.dataDir)) {
    const bytes = readFileSync(join(world.dataDir, file));
    expect([file, bytes.includes(key)]).toEqual([file, false]);
    expect([file, bytes.includes(Buffer.from(key, 'hex'))]).toEqual([file, false]);
  }
  await playsOn(await world.restarted(), seats, host);
});

test('an audience whose podcast did not come back is told so, and is over', async () => {
  const world = await startWorld();
  const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const seats = await hears(
    world,
    world.discord.addGuild('Choir').addVoiceChannel('stalls'),
    show.broadcast.podcast.id,
  );
  await world.program.stop();
  show.channel.delete();
  const again = await world.restarted();
  await world.discord.messageIn(seats.channel, ({ text }) => /is over|not play .* any more/.test(text));
  await eventually('the bot has left', () => seats.guild.botVoice.channel === undefined);
  expect(again.program.bot.audiences.all()).toEqual([]);
});

test('the marks stay over a restart, the panel goes on in the same message, and both end with the show', async () => {
  const world = await startWorld();
  const channel = world.guild.addVoiceChannel('round table');
  channel.setStatus('Tuesdays at eight');
  const { host } = await goOnAir(world, channel);
  const panel = await world.discord.messageIn(
    channel,
    (message) => message.component('show:stop') !== undefined,
  );
  await world.program.stop();
  expect(panel.text).toContain('interrupted');
  expect(world.guild.botNickname).toContain('ON AIR');
  expect(channel.status).toContain('On air');
  const again = await world.restarted();
  await eventually('the panel is live again', () => panel.text.includes('clear'));
  const panels = world.discord
    .messagesIn(channel)
    .filter((message) => message.component('show:stop') !== undefined);
  expect(panels).toEqual([panel]);
  await podcast(again, host, 'stop');
  await eventually('the panel is closed', () => panel.text.includes('was on air for'));
  expect(world.guild.botNickname).toBeNull();
  expect(channel.status).toBe('Tuesdays at eight');
});

test('a show whose podcast the relay has no more is ended: the panel says so, the name and the row are gone', async () => {
  const world = await startWorld();
  const { channel } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const panel = await world.discord.messageIn(
    channel,
    (message) => message.component('show:stop') !== undefined,
  );
  await world.program.stop();
  for (const file of readdirSync(world.dataDir).filter((name) => name.startsWith('podcasts.db'))) {
    rmSync(join(world.dataDir, file));
  }
  const again = await world.restarted();
  await eventually('the panel is closed', () => panel.text.startsWith('⚫ The podcast is over.'));
  await eventually('the bot has its name back', () => world.guild.botNickname === null);
  expect(panel.component('show:stop')).toBeUndefined();
  expect(channel.botPeer).toBeUndefined();
  const lines = again.logLines.filter((line) => line.includes('does not go on'));
  expect(lines).toHaveLength(1);
  const thrice = await again.restarted();
  expect(thrice.logLines.filter((line) => line.includes('does not go on'))).toEqual(lines);
});

test('a server that Discord does not have at the start keeps its show: it goes on when the server is back', async () => {
  const world = await startWorld();
  const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const { id } = show.broadcast.podcast;
  const seats = await hears(world, world.discord.addGuild('Choir').addVoiceChannel('stalls'), id);
  await world.program.stop();
  world.guild.goDown();
  seats.guild.goDown();
  const again = await world.restarted();
  await eventually('the program is up', () => again.program.bot.isReady());
  expect(again.program.bot.broadcasts.all()).toEqual([]);
  world.guild.comeBack();
  seats.guild.comeBack();
  await eventually('it is on air', () => again.program.bot.broadcasts.of(world.guild.id)?.podcast.id === id);
  await show.channel.botJoined();
  await playsOn(again, seats, show.host);
  expect(again.logLines.filter((line) => line.includes('does not go on'))).toEqual([]);
});

test('a server that has removed the bot while Discord did not have it ends its show', async () => {
  const world = await startWorld();
  const { ear } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const ended = once(ear.listener, 'ended');
  await world.program.stop();
  world.guild.goDown();
  const again = await world.restarted();
  await eventually('the program is up', () => again.program.bot.isReady());
  world.guild.removeBot();
  await ended;
  expect(again.logLines.filter((line) => line.includes('I was removed from the server.'))).toHaveLength(1);
});
