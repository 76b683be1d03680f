import { describe, expect, test } from 'vitest';
import { expectGoodAnswer, expectNothingOnAir, holdJoins, podcast, typed } from '../support/commands.ts';
import { startWorld } from '../support/on-air.ts';

/** More often than the bot tries. */
const ALWAYS = 1000;

describe('/podcast start when the voice server refuses the bot', () => {
  test.each([
    { closeCode: 4006, words: 'my session is no longer valid.' },
    {
      closeCode: 4017,
      words: 'this call is end-to-end encrypted and it did not accept mine.',
    },
    { closeCode: 4022, words: 'the call was ended for everyone.' },
  ])('tells the person why ($closeCode), leaves, and can begin later', async ({ closeCode, words }) => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    channel.refuseBot(ALWAYS, closeCode);
    const { content } = await podcast(world, host, 'start');
    expect(content).toContain(`The podcast did not begin. Discord closed the voice connection: ${words}`);
    expect(content).toContain('`/podcast start` tries again.');
    expect(world.discord.messagesIn(channel)).toEqual([]);
    await expectNothingOnAir(world);
    channel.refuseBot(0, closeCode);
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
    await channel.botJoined();
  });

  test('goes on air all the same when it is refused once, without a word of that in the channel', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    channel.refuseBot(1, 4006);
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
    await podcast(world, host, 'stop');
    await world.discord.messageIn(channel, ({ text }) => text.includes('over'));
    await world.discord.messageIn(channel, ({ text }) => text.startsWith('⚫'));
    expect(world.discord.messagesIn(channel).map(({ text }) => text)).toEqual([
      expect.stringContaining('was on air for'),
      'The podcast is over. Hanna ended it.',
    ]);
  });

  test('says so when Discord does not let it in, after one patience and no more', async () => {
    const joinTimeoutMs = 4000;
    const world = await startWorld({ timings: { joinTimeoutMs } });
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const join = holdJoins(world.guild);
    const { content } = await podcast(world, host, 'start');
    expect(content).toBe(
      'The podcast did not begin. Discord did not let me into the voice channel in time. `/podcast start` tries again.',
    );
    await expectNothingOnAir(world);
    join.grant();
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
  });

  test('counts as about to begin while it waits, so that nobody begins a second one', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    const join = holdJoins(world.guild);
    const waiting = await typed(world, host, 'start');
    await join.asked;
    const second = await podcast(world, host, 'start');
    expect(second.content).toBe(`A podcast is about to begin in <#${channel.id}>; give it a moment.`);
    expect((await podcast(world, host, 'status')).content).toContain('No podcast is on air');
    await podcast(world, host, 'stop');
    await waiting.settled();
    expectGoodAnswer(world, waiting);
  });
});
