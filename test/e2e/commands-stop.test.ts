import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { expectGoodAnswer, expectNothingOnAir, holdJoins, podcast, typed } from '../support/commands.ts';
import { goOnAir, startWorld } from '../support/on-air.ts';

const NOTHING_ON_AIR = 'No podcast is on air in this server. `/podcast start` begins one.';

describe('/podcast stop', () => {
  test('ends the podcast for everyone: listeners, channel, and the bot leaves', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host, ear } = await goOnAir(world, channel);
    const ended = once(ear.listener, 'ended');
    expect((await podcast(world, host, 'stop')).content).toBe('The podcast is over.');
    expect(await ended).toEqual([{ code: 4003, reason: expect.stringMatching(/\.$/) as string }]);
    await expectNothingOnAir(world);
    const told = await world.discord.messageIn(channel, ({ text }) => text.includes('over'));
    expect(told.text).toBe('The podcast is over. Hanna ended it.');
  });

  test('used twice says the second time that nothing is on air', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    await podcast(world, host, 'stop');
    expect((await podcast(world, host, 'stop')).content).toBe(NOTHING_ON_AIR);
    await world.discord.messageIn(channel, ({ text }) => text.includes('over'));
    expect(world.discord.messagesIn(channel)).toHaveLength(2);
  });

  test('used twice at the same moment tells the channel once', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    const other = world.host('Otto');
    await Promise.all([podcast(world, host, 'stop'), podcast(world, other, 'stop')]);
    await expectNothingOnAir(world);
    await world.discord.messageIn(channel, ({ text }) => text.includes('over'));
    expect(world.discord.messagesIn(channel)).toHaveLength(2);
  });

  test('says so when nothing is on air', async () => {
    const world = await startWorld();
    expect((await podcast(world, world.host(), 'stop')).content).toBe(NOTHING_ON_AIR);
  });

  test('works for somebody who is in no voice channel, and says their name there', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    await goOnAir(world, channel);
    expect((await podcast(world, world.host('Otto_'), 'stop')).content).toBe('The podcast is over.');
    const told = await world.discord.messageIn(channel, ({ text }) => text.includes('over'));
    expect(told.text).toBe(String.raw`The podcast is over. Otto\_ ended it.`);
    await expectNothingOnAir(world);
  });

  test('is refused to a person without Manage Events', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { broadcast } = await goOnAir(world, channel);
    const guest = world.guild.addPerson('Gus');
    const { content } = await podcast(world, guest, 'stop');
    expect(content).toBe(
      'You need the permission **Manage Events** to end a podcast that somebody else started here.',
    );
    expect(broadcast.isOnAir).toBe(true);
  });

  test('works for whoever started it, also without Manage Events by now', async () => {
    const world = await startWorld();
    const { host, broadcast } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    world.chat.denyPeople(['ManageEvents']);
    expect((await podcast(world, host, 'stop')).content).toBe('The podcast is over.');
    expect(broadcast.isOnAir).toBe(false);
  });

  test('keeps a podcast that is about to begin from beginning, and tells whoever started it', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const join = holdJoins(world.guild);
    const starting = await typed(world, host, 'start');
    await join.asked;
    expect((await podcast(world, world.host('Otto'), 'stop')).content).toBe('The podcast is over.');
    await starting.settled();
    expectGoodAnswer(world, starting);
    expect(starting.content).toBe('The podcast did not begin. Otto ended it. `/podcast start` tries again.');
    join.grant();
    await expectNothingOnAir(world);
    expect(world.discord.messagesIn(channel)).toEqual([]);
  });

  test('lets a new podcast begin in the same channel at once', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel);
    for (let round = 0; round < 3; round += 1) {
      await podcast(world, host, 'stop');
      expect((await podcast(world, host, 'start')).content).toContain('is on air');
    }
    await channel.botJoined();
    expect(world.program.bot.broadcasts.of(world.guild.id)?.isOnAir).toBe(true);
  });
});
