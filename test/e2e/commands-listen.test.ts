import { describe, expect, test } from 'vitest';
import { type PermissionName, invitedBotPermissions } from '../../simulator/permissions.ts';
import type { Person } from '../../simulator/person.ts';
import { hears, showToHear } from '../support/audience.ts';
import { fill, holdJoins, listedOnRelay, podcast, typed } from '../support/commands.ts';
import { ForeignHost, talk } from '../support/foreign-host.ts';
import { type World, eventually, goOnAir, startWorld } from '../support/on-air.ts';

/** Ben of another server, in a voice channel there. */
async function benElsewhere(world: World, botPermissions = invitedBotPermissions): Promise<Person> {
  const guild = world.discord.addGuild('Choir', { botPermissions });
  const ben = guild.addPerson('Ben');
  await ben.join(guild.addVoiceChannel('stalls'));
  return ben;
}

/** What Ben is told, and that nothing plays with him. */
async function refusal(world: World, ben: Person, asked: string): Promise<string> {
  const { content } = await podcast(world, ben, 'listen', { podcast: asked });
  expect(world.program.bot.audiences.of(ben.guild.id)).toBeUndefined();
  await eventually('the bot is not there', () => ben.guild.botVoice.channel === undefined);
  return content;
}

const UNKNOWN = 'I know of no such podcast. A private one opens by its link with the key.';

describe('/podcast listen', () => {
  test('asks a person outside voice to join a channel first', async () => {
    const { world, show } = await showToHear();
    const ben = world.discord.addGuild('Choir').addPerson('Ben');
    expect(await refusal(world, ben, String(show.broadcast.podcast.id))).toBe(
      'Join a voice channel first: the podcast plays there.',
    );
  });

  test.each(['4711', '0', '99999999999', 'ws://127.0.0.1:1/?id=4711'])(
    'says that it knows no podcast %s',
    async (asked) => {
      const world = await startWorld();
      expect(await refusal(world, await benElsewhere(world), asked)).toBe(UNKNOWN);
    },
  );

  test('asks for a podcast when something else was typed', async () => {
    const world = await startWorld();
    expect(await refusal(world, await benElsewhere(world), 'the one about knitting')).toBe(
      'Choose a podcast from the list, or type its number or its link.',
    );
  });

  test('asks no other relay than its own, whatever the link says', async () => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    const { id } = show.broadcast.podcast;
    for (const link of [`ws://relay.example/?id=${id}`, `https://relay.example/p/${id}`]) {
      expect(await refusal(world, ben, link)).toBe('That link is of another relay; I play what is on mine.');
    }
  });

  test('opens a private podcast by the link with its key, and by nothing else', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    await podcast(world, host, 'start', { visibility: 'private' });
    const { id, url, page, listen_key: key } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
    const ben = await benElsewhere(world);
    for (const asked of [String(id), url, `${url}&key=wrong`, page, `${page}?key=wrong`])
      expect(await refusal(world, ben, asked)).toBe(UNKNOWN);
    const { answer } = await hears(world, ben.channel!, `${page}?key=${key}`, ben);
    expect(answer.content).toContain('I am playing');
    // Nor by the way of somebody who knows the key.
    const carla = world.discord.addGuild('Chess Club').addPerson('Carla');
    await carla.join(carla.guild.addVoiceChannel('side table'));
    expect(await refusal(world, carla, String(id))).toBe(UNKNOWN);
  });

  test('is refused in a server that is on air', async () => {
    const { world, show } = await showToHear();
    const answer = await podcast(world, show.host, 'listen', { podcast: String(show.broadcast.podcast.id) });
    expect(answer.content).toBe(
      `A podcast is on air in <#${show.channel.id}> already. \`/podcast stop\` ends it.`,
    );
    expect(show.broadcast.isOnAir).toBe(true);
  });

  test('used twice says what plays already, and so does start', async () => {
    const { world, show } = await showToHear();
    const { id, title } = show.broadcast.podcast;
    const ben = await benElsewhere(world);
    await hears(world, ben.channel!, id, ben);
    const words = `I am playing **${title}** in <#${ben.channel!.id}> here; \`/podcast leave\` first.`;
    expect((await podcast(world, ben, 'listen', { podcast: String(id) })).content).toBe(words);
    const otto = ben.guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    await otto.join(ben.channel!);
    expect((await podcast(world, otto, 'start')).content).toBe(words);
  });

  test('used twice at the same moment plays it once', async () => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    const options = { podcast: String(show.broadcast.podcast.id) };
    const answers = await Promise.all([
      podcast(world, ben, 'listen', options),
      podcast(world, ben, 'listen', options),
    ]);
    const contents = answers.map(({ content }) => content).toSorted();
    expect(contents[0]).toMatch(/^I am (about to play a podcast|playing \*\*.*\*\* in <#\d+> here)/);
    expect(contents[1]).toMatch(/^I am playing/);
    expect(world.program.bot.audiences.all()).toHaveLength(1);
  });

  test.each<{ missing: PermissionName; words: string }>([
    { missing: 'Connect', words: '**Connect**' },
    { missing: 'Speak', words: '**Speak**' },
    { missing: 'ViewChannel', words: '**View Channel**' },
  ])('says that the bot lacks $missing', async ({ missing, words }) => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    ben.channel!.denyBot([missing]);
    const content = await refusal(world, ben, String(show.broadcast.podcast.id));
    expect(content).toContain(words);
    expect(content).toContain('to play there.');
  });

  test('says that the channel is full', async () => {
    const { world, show } = await showToHear();
    const guild = world.discord.addGuild('Choir');
    const channel = guild.addVoiceChannel('stalls', { userLimit: 2 });
    await fill(channel, 1);
    const ben = guild.addPerson('Ben');
    await ben.join(channel);
    expect(await refusal(world, ben, String(show.broadcast.podcast.id))).toBe(
      `<#${channel.id}> is full: its limit is 2 people. Raise the limit by one, or let somebody leave.`,
    );
  });

  test('says so when the relay does not answer', async () => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    const { id } = show.broadcast.podcast;
    await world.program.relay.close();
    const answer = await typed(world, ben, 'listen', { podcast: String(id) });
    await answer.settled();
    expect(answer.content).toMatch(/relay/i);
    expect(world.program.bot.audiences.of(ben.guild.id)).toBeUndefined();
  });

  test('begun and stopped at the same time says that it did not begin', async () => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    const join = holdJoins(ben.guild);
    const waiting = await typed(world, ben, 'listen', { podcast: String(show.broadcast.podcast.id) });
    await join.asked;
    await world.program.bot.close();
    await waiting.settled();
    expect(waiting.content).toContain('I could not play it.');
  });
});

describe('what is suggested for /podcast listen', () => {
  test('are the public podcasts on air, by title, server or number, and never this server’s own', async () => {
    const { world, show } = await showToHear();
    const { id, title } = show.broadcast.podcast;
    const foreign = await ForeignHost.open(world);
    const tea = await foreign.host({ title: 'Tea and biscuits' });
    await foreign.host({ title: 'Nobody is to know', visibility: 'unlisted' });
    await foreign.create({ title: 'Not on air yet' });
    const ben = await benElsewhere(world);
    const chat = ben.guild.addTextChannel('chat');
    const suggested = async (text: string, person = ben, channel = chat): Promise<unknown[]> =>
      (await person.autocomplete(channel, 'podcast', 'listen', { podcast: text })).map(({ value }) => value);
    await expect.poll(async () => await suggested('')).toEqual([String(id), String(tea.podcast.id)]);
    expect(await suggested('KNITTING')).toEqual([String(id)]);
    expect(await suggested('biscuit')).toEqual([String(tea.podcast.id)]);
    expect(await suggested(String(id))).toEqual([String(id)]);
    expect(await suggested('nothing like it')).toEqual([]);
    expect(await suggested('', show.host, world.chat)).toEqual([String(tea.podcast.id)]);
    const [first] = await ben.autocomplete(chat, 'podcast', 'listen', { podcast: 'round' });
    expect(first?.name).toBe(`${title} · Knitting Circle`);
  });

  test('are one line each, and cut between characters', async () => {
    const world = await startWorld();
    const foreign = await ForeignHost.open(world);
    await foreign.host({ title: `${'y'.repeat(98)}🎙` });
    const { podcast: two } = await foreign.host({ title: 'Tea\n\nand biscuits' });
    const ben = await benElsewhere(world);
    const chat = ben.guild.addTextChannel('chat');
    const suggested = async (): Promise<string[]> =>
      (await ben.autocomplete(chat, 'podcast', 'listen', { podcast: '' })).map(({ name }) => name);
    await expect.poll(suggested).toEqual([`${'y'.repeat(98)}…`, `Tea and biscuits · host ${two.host}`]);
  });

  test('are none when the relay does not answer', async () => {
    const world = await startWorld();
    const ben = await benElsewhere(world);
    await world.program.relay.close();
    const chat = ben.guild.addTextChannel('chat');
    expect(await ben.autocomplete(chat, 'podcast', 'listen', { podcast: 'x' })).toEqual([]);
  });
});

describe('/podcast leave and /podcast volume', () => {
  test.each([
    ['leave', {}],
    ['volume', { percent: 50 }],
  ] as const)('%s says so when nothing plays', async (subcommand, options) => {
    const world = await startWorld();
    const { content } = await podcast(world, world.guild.addPerson('Gus'), subcommand, options);
    expect(content).toBe('I play nothing in this server. `/podcast listen` plays a podcast.');
  });

  test.each([
    ['leave', {}, 'I do not play it any more.'],
    ['volume', { percent: 50 }, 'It plays at 50 % here.'],
  ] as const)('%s is for who hears it, or has Manage Events', async (subcommand, options, done) => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    const channel = ben.channel!;
    await hears(world, channel, show.broadcast.podcast.id, ben);
    const outside = ben.guild.addPerson('Gus');
    expect((await podcast(world, outside, subcommand, options)).content).toBe(
      `It plays in <#${channel.id}>: that is for whoever is there, or has the permission **Manage Events**.`,
    );
    expect(world.program.bot.audiences.of(ben.guild.id)).toBeDefined();
    const otto = ben.guild.addPerson('Otto', { permissions: ['ManageEvents'] });
    expect((await podcast(world, otto, subcommand, options)).content).toBe(done);
  });

  test('leave tells the channel who it was', async () => {
    const { world, show } = await showToHear();
    const ben = await benElsewhere(world);
    const channel = ben.channel!;
    await hears(world, channel, show.broadcast.podcast.id, ben);
    await podcast(world, ben, 'leave');
    const told = await world.discord.messageIn(channel, ({ text }) => text.includes('any more'));
    expect(told.text).toContain('Ben stopped it.');
  });
});

describe('/podcast list', () => {
  test('says that nothing is on air', async () => {
    const world = await startWorld();
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'list');
    expect(content).toBe('No public podcast is on air right now.');
  });

  test('says title, server, time and how many listen', async () => {
    const { world, show } = await showToHear();
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'list');
    expect(content).toMatch(
      /^\*\*round table · Knitting Circle\*\* · Knitting Circle · since <t:\d+:R> · 1 listener · `\d+` · <http:\/\/127\.0\.0\.1:\d+\/p\/\d+>$/,
    );
    expect(content).toContain(`\`${show.broadcast.podcast.id}\``);
  });

  test('shows titles of foreign hosts as words in one line, whatever they look like; so does a channel in which one plays', async () => {
    const world = await startWorld();
    const foreign = await ForeignHost.open(world);
    const title = 'Tea\n# [free](https://x.example) and [more](https://y.example)';
    const host = await foreign.host({ title });
    await talk(host);
    const shown = String.raw`**Tea # \[free\]\(https:\/\/x.example\) and \[more\]\(https:\/\/y.example\)**`;
    const ben = await benElsewhere(world);
    const { content } = await podcast(world, ben, 'list');
    expect(content).toContain(`${shown} · host ${host.podcast.host}`);
    expect(content.split('\n')).toHaveLength(1);
    await hears(world, ben.channel!, host.podcast.id, ben);
    const told = await world.discord.messageIn(ben.channel!, ({ text }) => text.includes('plays here'));
    expect(told.text).toContain(`${shown} plays here`);
  });

  test('fits into a message, however many there are, and counts the others', async () => {
    const world = await startWorld({ settings: { PODCASTS_PER_ACCOUNT: '30' } });
    const foreign = await ForeignHost.open(world);
    const title = '*'.repeat(100);
    await Promise.all(Array.from({ length: 20 }, async () => await foreign.host({ title })));
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'list');
    expect(content.length).toBeLessThanOrEqual(2000);
    const lines = content.split('\n');
    const others = 20 - (lines.length - 1);
    expect(lines.at(-1)).toBe(`… and ${others} more; \`/podcast listen\` finds them by title.`);
    expect(await listedOnRelay(world)).toHaveLength(20);
  });

  test('holds no title for formatting', async () => {
    const world = await startWorld();
    const other = world.discord.addGuild('__Under__');
    const otto = other.addPerson('Otto', { permissions: ['ManageEvents'] });
    await goOnAir(
      { ...world, guild: other, chat: other.addTextChannel('chat') },
      other.addVoiceChannel('a'),
      otto,
    );
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'list');
    expect(content).toContain(String.raw`\_\_Under\_\_`);
  });
});
