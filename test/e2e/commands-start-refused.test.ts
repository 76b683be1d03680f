import { describe, expect, test } from 'vitest';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import { expectGoodAnswer, expectNothingOnAir, fill, listedOnRelay, podcast } from '../support/commands.ts';
import { startWorld } from '../support/on-air.ts';

describe('/podcast start used twice', () => {
  test('says that the channel is on air already', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    await podcast(world, host, 'start');
    const { content } = await podcast(world, host, 'start');
    expect(content).toBe(`A podcast is on air in <#${channel.id}> already. \`/podcast stop\` ends it.`);
    expect(await listedOnRelay(world)).toHaveLength(1);
  });

  test('from another channel of the server says where the podcast is', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const host = world.host();
    await host.join(channel);
    await podcast(world, host, 'start');
    const other = world.host('Otto');
    await other.join(world.guild.addVoiceChannel('side table'));
    const { content } = await podcast(world, other, 'start');
    expect(content).toContain(`<#${channel.id}>`);
    expect(world.guild.botVoice.channel).toBe(channel);
    expect(await listedOnRelay(world)).toHaveLength(1);
  });

  test('at the very same moment begins one podcast, and tells the other person', async () => {
    const world = await startWorld();
    const [hanna, otto] = [world.host('Hanna'), world.host('Otto')];
    await hanna.join(world.guild.addVoiceChannel('round table'));
    await otto.join(world.guild.addVoiceChannel('side table'));
    const answers = await Promise.all([podcast(world, hanna, 'start'), podcast(world, otto, 'start')]);
    const begun = answers.filter(({ content }) => content.includes('is on air (public)'));
    const told = answers.filter(({ content }) => content.startsWith('A podcast is'));
    expect([begun.length, told.length]).toEqual([1, 1]);
    expect(await listedOnRelay(world)).toHaveLength(1);
    expect(world.program.bot.broadcasts.all()).toHaveLength(1);
  });

  test('in two servers puts both on air', async () => {
    const world = await startWorld();
    const guild = world.discord.addGuild('Chess Club');
    const [hanna, otto] = [world.host(), guild.addPerson('Otto', { permissions: ['ManageEvents'] })];
    await hanna.join(world.guild.addVoiceChannel('round table'));
    await otto.join(guild.addVoiceChannel('side table'));
    await Promise.all([podcast(world, hanna, 'start'), podcast(world, otto, 'start')]);
    expect(await listedOnRelay(world)).toHaveLength(2);
  });
});

describe('/podcast start from where it cannot work', () => {
  test('asks a person outside voice to join a channel first', async () => {
    const world = await startWorld();
    const { content } = await podcast(world, world.host(), 'start');
    expect(content).toBe('Join a voice channel first: the podcast is what is said there.');
    await expectNothingOnAir(world);
  });

  test('is refused to a person without Manage Events', async () => {
    const world = await startWorld();
    const guest = world.guild.addPerson('Gus');
    await guest.join(world.guild.addVoiceChannel('round table'));
    const { content } = await podcast(world, guest, 'start');
    expect(content).toBe('You need the permission **Manage Events** to start a podcast here.');
    await expectNothingOnAir(world);
  });

  test.each([
    { denied: ['ViewChannel'], words: 'permission **View Channel**' },
    { denied: ['Connect'], words: 'permission **Connect**' },
    { denied: ['ViewChannel', 'Connect'], words: 'permissions **View Channel** and **Connect**' },
  ] as const)('names what the bot lacks: $words', async ({ denied, words }) => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table', { denyBot: denied });
    const host = world.host();
    await host.join(channel);
    const { content } = await podcast(world, host, 'start');
    expect(content).toBe(`I need the ${words} in <#${channel.id}> to go on air there.`);
    await expectNothingOnAir(world);
    channel.denyBot([]);
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
  });

  test('works where the bot may not write, and asks the host to tell the people', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table', { denyBot: ['SendMessages'] });
    const host = world.host();
    await host.join(channel);
    const { content } = await podcast(world, host, 'start');
    expect(content).toContain('is on air (public)');
    expect(content).toContain(
      `I may not write in <#${channel.id}>: tell the people there that they are on air`,
    );
    expect(world.discord.messagesIn(channel)).toEqual([]);
    expect((await podcast(world, host, 'stop')).content).toBe('The podcast is over.');
    await expectNothingOnAir(world);
  });

  test('answers in a server that the bot has been removed from, whose commands are still there', async () => {
    const world = await startWorld();
    const host = world.host();
    world.guild.removeBot();
    const { content } = await podcast(world, host, 'start');
    expect(content).toBe(`I am not in this server. Add me: ${world.program.bot.inviteUrl}`);
  });
});

describe('/podcast start in a full channel', () => {
  test('says what the limit is and what helps', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('nook', { userLimit: 2 });
    const host = world.host();
    await host.join(channel);
    await fill(channel, 1);
    const { content } = await podcast(world, host, 'start');
    expect(content).toBe(
      `<#${channel.id}> is full: its limit is 2 people. Raise the limit by one, or let somebody leave.`,
    );
    await expectNothingOnAir(world);
  });

  test('works where the bot has Move Members, which lets it in', async () => {
    const world = await startWorld();
    world.guild.setBotPermissions([...invitedBotPermissions, 'MoveMembers']);
    const channel = world.guild.addVoiceChannel('nook', { userLimit: 1 });
    const host = world.host();
    await host.join(channel);
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
    expect(channel.occupants).toHaveLength(2);
  });

  test('works again once somebody has left', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('nook', { userLimit: 2 });
    const [host, guest] = [world.host(), world.guild.addPerson('Gus')];
    await host.join(channel);
    await guest.join(channel);
    await podcast(world, host, 'start');
    guest.leave();
    expect((await podcast(world, host, 'start')).content).toContain('is on air');
  });
});

describe('/podcast start when the relay has enough', () => {
  test('says the limit, leaves the channel, and works once another podcast has ended', async () => {
    const world = await startWorld({ settings: { PODCASTS_PER_ACCOUNT: '1' } });
    const guild = world.discord.addGuild('Chess Club');
    const [hanna, otto] = [world.host(), guild.addPerson('Otto', { permissions: ['ManageEvents'] })];
    await hanna.join(world.guild.addVoiceChannel('round table'));
    const elsewhere = guild.addVoiceChannel('side table');
    await otto.join(elsewhere);
    await podcast(world, hanna, 'start');
    const refused = await podcast(world, otto, 'start');
    expect(refused.content).toMatch(/^This account has 1 podcasts?: that is the most\. Try again when /);
    expect(world.discord.messagesIn(elsewhere)).toEqual([]);
    await podcast(world, hanna, 'stop');
    await expectNothingOnAir(world, guild);
    const begun = await podcast(world, otto, 'start');
    expect(begun.content).toContain('is on air');
    expectGoodAnswer(world, begun);
  });
});
