import { PermissionsBitField } from 'discord.js';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../simulator/answer.ts';
import type { Person } from '../../simulator/person.ts';
import { invitedBotPermissions } from '../../simulator/permissions.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { fill, podcast } from '../support/commands.ts';
import {
  type World,
  eventually,
  goOnAir,
  isHeard,
  listenTo,
  speechOf,
  startWorld,
} from '../support/on-air.ts';

/**
 * The first status that reads so, or the last of many: a machine that stands still for a moment makes people fall silent.
 * @param act what happens before each
 */
async function statusThat(
  world: World,
  person: Person,
  pattern: RegExp,
  act: () => Promise<void> = async () => {},
): Promise<Answer> {
  for (let left = 20; ; left -= 1) {
    await act();
    const answer = await podcast(world, person, 'status');
    if (left === 0 || pattern.test(answer.content)) return answer;
  }
}

/** A show in a channel that ordinary people do not see. */
async function secretShow(
  world: World,
  visibility: string,
): Promise<{ channel: VoiceChannel; host: Person }> {
  const channel = world.guild.addVoiceChannel('back room', { denyPeople: ['ViewChannel'] });
  const host = world.guild.addPerson('Hanna', { permissions: ['ManageEvents'] });
  await host.join(channel);
  await podcast(world, host, 'start', { visibility, title: 'Secrets' });
  return { channel, host };
}

describe('/podcast status', () => {
  test('says that nothing is on air, and what to do about it', async () => {
    const world = await startWorld();
    const { content } = await podcast(world, world.host(), 'status');
    expect(content).toBe('No podcast is on air in this server. `/podcast start` begins one.');
  });

  test('says the same once a podcast is over', async () => {
    const world = await startWorld();
    const { host } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    await podcast(world, host, 'stop');
    expect((await podcast(world, host, 'status')).content).toContain('No podcast is on air');
  });

  test('says title, place, time and how many listen', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table');
    const { host, broadcast } = await goOnAir(world, channel);
    const { content } = await podcast(world, host, 'status');
    expect(content).toContain('**round table · Knitting Circle** is on air (public)');
    expect(content).toContain(`<${broadcast.podcast.page}>`);
    expect(content).toContain(broadcast.podcast.url);
    expect(content).toMatch(new RegExp(`Since <t:\\d+:R> in <#${channel.id}> · 1 listener · 0 frames sent`));
    expect(content).toContain('Nobody speaks right now.');
    expect(content).not.toContain('Not broadcast');
    await listenTo(world.program.relay, broadcast.podcast.id);
    expect((await podcast(world, host, 'status')).content).toContain('· 2 listeners ·');
  });

  test('names those who speak', async () => {
    const world = await startWorld();
    const show = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const june = world.guild.addPerson('June');
    await june.join(show.channel);
    const talks = [show.host, june].map(async (person) =>
      person.speak(await speechOf('june'), { loop: true }),
    );
    const answer = await statusThat(world, show.host, /Speaking: .*,/);
    expect(answer.content).toMatch(/^Speaking: (Hanna, June|June, Hanna)\.$/m);
    for (const talk of talks) (await talk).stop();
  });

  test('names twenty of very many speakers, and counts the others', async () => {
    const world = await startWorld();
    const show = await goOnAir(world, world.guild.addStageChannel('main stage'));
    const crowd = Array.from({ length: 25 }, (_, index) =>
      world.guild.addPerson(`Singer ${index}`.padEnd(32, '_')),
    );
    for (const person of crowd) {
      await person.join(show.channel);
      await person.startSpeaking();
    }
    const answer = await statusThat(world, show.host, /and 5 others/, async () => {
      const heard = show.broadcast.status().frames + crowd.length;
      for (const person of crowd) person.sendFrame(Buffer.from('song'));
      await eventually('all are heard', () => show.broadcast.status().frames === heard);
    });
    expect(answer.content).toContain('and 5 others.');
    expect(answer.content.length).toBeLessThanOrEqual(2000);
  });

  test('says in words what could not be broadcast', async () => {
    const world = await startWorld();
    const { host, channel, broadcast } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
    channel.mischief.unknownSsrc(3);
    await eventually('they are counted', () => broadcast.status().drops['unknown-ssrc'] === 3);
    const { content } = await podcast(world, host, 'status');
    expect(content).toContain('Not broadcast: 3 of a speaker the voice server has not named yet.');
  });

  test('works for somebody in no voice channel, twice', async () => {
    const world = await startWorld();
    await goOnAir(world, world.guild.addVoiceChannel('round table'));
    const otto = world.host('Otto');
    await podcast(world, otto, 'status');
    expect((await podcast(world, otto, 'status')).content).toContain('is on air (public)');
  });

  test('shows the key of a private podcast to its host alone', async () => {
    const world = await startWorld();
    const host = world.host();
    await host.join(world.guild.addVoiceChannel('round table'));
    await podcast(world, host, 'start', { visibility: 'private', title: 'Secrets' });
    const { listen_key: key } = world.program.bot.broadcasts.of(world.guild.id)!.podcast;
    expect((await podcast(world, host, 'status')).content).toContain(`&key=${key}`);
    const { content } = await podcast(world, world.host('Otto'), 'status');
    expect(content).toContain('**Secrets** is on air (private)');
    expect(content).toContain(`ask <@${host.id}> for the link with the key`);
    expect(content).not.toContain(key);
  });

  test.each(['private', 'unlisted'] as const)(
    'says of %s podcasts in a channel that somebody cannot see no more than that one is on air',
    async (visibility) => {
      const world = await startWorld();
      const { channel, host } = await secretShow(world, visibility);
      const gus = world.guild.addPerson('Gus');
      await host.startSpeaking();
      expect((await podcast(world, gus, 'status')).content).toBe(
        'A podcast is on air in this server, in a channel that you do not see.',
      );
      for (const person of [host, world.host('Otto')]) {
        const { content } = await podcast(world, person, 'status');
        expect(content).toContain('**Secrets** is on air');
        expect(content).toContain(`in <#${channel.id}>`);
      }
      channel.denyPeople([]);
      expect((await podcast(world, gus, 'status')).content).toContain('**Secrets** is on air');
    },
  );

  test('names a public podcast, which is listed, but not the channel or its people where somebody cannot see them', async () => {
    const world = await startWorld();
    const { channel } = await secretShow(world, 'public');
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'status');
    expect(content).toContain('**Secrets** is on air (public)');
    expect(content).not.toContain(channel.id);
    expect(content).not.toMatch(/speak|listener|frames/i);
  });

  test('works in a channel that is full with the bot in it', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('nook', { userLimit: 3 });
    const host = world.host();
    await host.join(channel);
    await fill(channel, 1);
    const show = await goOnAir(world, channel, host);
    expect(channel.isFull).toBe(true);
    await isHeard(host, show);
    expect((await podcast(world, host, 'status')).content).toContain('is on air');
    expect((await podcast(world, host, 'stop')).content).toBe('The podcast is over.');
  });

  test('is for everybody', async () => {
    const world = await startWorld();
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'status');
    expect(content).toContain('No podcast is on air');
  });
});

describe('/podcast invite', () => {
  test('gives the link with the permissions that the bot uses, each time', async () => {
    const world = await startWorld();
    const host = world.host();
    await podcast(world, host, 'invite');
    const { content } = await podcast(world, host, 'invite');
    const [link = ''] = /https:\S+/.exec(content) ?? [];
    const { origin, pathname, searchParams } = new URL(link);
    expect(origin + pathname).toBe('https://discord.com/oauth2/authorize');
    expect(searchParams.get('client_id')).toBe(world.discord.bot.id);
    expect(searchParams.get('scope')).toBe('bot applications.commands');
    const permissions = new PermissionsBitField(BigInt(searchParams.get('permissions') ?? 0));
    expect(permissions.toArray().toSorted()).toEqual(invitedBotPermissions.toSorted());
  });

  test('is for everybody', async () => {
    const world = await startWorld();
    const { content } = await podcast(world, world.guild.addPerson('Gus'), 'invite');
    expect(content).toContain('https://discord.com/oauth2/authorize');
  });
});
