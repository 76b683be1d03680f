import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Guild } from '../../simulator/guild.ts';
import { goOn } from '../../src/bot/going-on.ts';
import { GuildSeats, type Return } from '../../src/bot/guild-seats.ts';
import { VoiceStatuses } from '../../src/bot/marker/voice-statuses.ts';
import { IN_MEMORY } from '../../src/bot/store/bot-database.ts';
import { openBotStore } from '../../src/bot/store/bot-store.ts';
import type { PodcastHost } from '../../src/client/podcast-host.ts';
import { createPodcast, deletePodcast } from '../../src/client/rest-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { eventually } from '../support/on-air.ts';
import { logIn, startDiscord } from '../support/sim-bot.ts';
import { startTestRelay } from '../support/test-relay.ts';

interface TakenUp extends Return {
  readonly guildId: string;
}

interface World {
  readonly inOutage?: boolean;
  /** Who has begun a show there since. */
  readonly newHostUserId?: string;
}

/** So many guilds of which each had a show when the program ended, and what goes back to them. */
async function interruptedShows(guildCount: number, { inOutage = false, newHostUserId }: World = {}) {
  const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 1000 } });
  const discord = await startDiscord();
  const store = openBotStore(IN_MEMORY);
  onTestFinished(() => store.close());
  const guilds: Guild[] = [];
  for (let index = 0; index < guildCount; index += 1) {
    const guild = discord.addGuild(`Guild ${index}`);
    const { id } = await createPodcast(relay.url, relay.account);
    store.shows.save({
      guildId: guild.id,
      channelId: guild.addVoiceChannel('round table').id,
      podcastId: id,
      hostUserId: '1',
      panelMessageId: null,
      previousNickname: null,
      previousStatus: null,
      startedAtMs: index,
    });
    if (inOutage) guild.goDown();
    guilds.push(guild);
  }
  const log = pino({ level: 'silent' });
  const seats = new GuildSeats(log);
  const clock = new ManualClock();
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const takenUp: TakenUp[] = [];
  const hosts: PodcastHost[] = [];
  onTestFinished(async () => void (await Promise.all(hosts.map((host) => host.suspend()))));
  const client = await logIn(discord);
  const options = {
    client,
    statuses: new VoiceStatuses(client),
    seats,
    store,
    relay: relay.url,
    account: relay.account,
    log,
    clock,
    signal: closing.signal,
    audiences: { of: () => undefined, takeUp: async () => {} },
    broadcasts: {
      of: () => undefined,
      hostOf: () => newHostUserId,
      takeUp: async (
        { guildId }: { guildId: string },
        _: unknown,
        { host, ...back }: Return & { host: PodcastHost },
      ) => {
        hosts.push(host);
        takenUp.push({ guildId, ...back });
      },
    },
  };
  return { relay, discord, store, guilds, seats, clock, hosts, takenUp, goesOn: () => goOn(options) };
}

test('all podcasts have their hosts again within seconds, though the bot goes into the last channels much later', async () => {
  const world = await interruptedShows(110);
  const done = world.goesOn();
  world.clock.advance(5000);
  await done;
  expect(world.hosts.filter((host) => host.isConnected)).toHaveLength(110);
  const delaysMs = world.takenUp.map(({ joinDelayMs }) => joinDelayMs);
  expect(Math.max(...delaysMs)).toBeGreaterThan(40_000);
  expect(new Set(delaysMs.filter((delayMs) => delayMs > 0)).size).toBeGreaterThan(80);
});

test('the seats of all are kept from the beginning: whoever wants one is told what is about to go on', async () => {
  const world = await interruptedShows(12);
  const done = world.goesOn();
  for (const { id } of world.guilds) {
    expect(() => world.seats.assertFree(id)).toThrow(/A podcast is about to begin in <#\d+>/);
  }
  world.clock.advance(5000);
  await done;
  expect(world.takenUp).toHaveLength(12);
  for (const { id } of world.guilds) expect(() => world.seats.assertFree(id)).not.toThrow();
});

test('a row of what played where a show was on air is forgotten, and the show goes on', async () => {
  const world = await interruptedShows(1);
  const [show] = world.store.shows.all();
  const { guildId = '', channelId = '', podcastId = 0 } = show ?? {};
  const played = { guildId, channelId, podcastId, userId: '1', volume: 1, startedAtMs: 1 };
  world.store.audiences.save({ ...played, sealedListenKey: null });
  await world.goesOn();
  expect(world.store.audiences.all()).toEqual([]);
  expect(world.takenUp).toHaveLength(1);
});

/** Goes on until there is nothing left but to wait for the server: the clock has that and what audiences wait for. */
async function waitingForServer() {
  const world = await interruptedShows(1, { inOutage: true });
  const done = world.goesOn();
  await eventually('it waits for the server', () => world.clock.timers === 2);
  expect(world.takenUp).toEqual([]);
  expect(world.store.shows.all()).toHaveLength(1);
  return { ...world, done };
}

test.each([
  { newHostUserId: '2', nickname: '![ON AIR] Bot', of: 'stay where another show has the channel by now' },
  { nickname: null, of: 'come off where nothing does, or something plays' },
])(
  'the row of a show that does not go on is forgotten, and its marks $of',
  async ({ nickname, ...world }) => {
    const { guilds, store, relay, goesOn } = await interruptedShows(1, world);
    const [guild] = guilds;
    guild?.renameBot('![ON AIR] Bot');
    const podcastId = store.shows.all()[0]?.podcastId ?? 0;
    await deletePodcast(relay.url, podcastId, relay.account);
    await goesOn();
    expect(store.shows.all()).toEqual([]);
    expect(guild?.botNickname).toBe(nickname);
  },
);

describe('a server in an outage', () => {
  test('keeps its show, whose podcast has its host meanwhile, and goes on with it when it is back', async () => {
    const { clock, guilds, hosts, done, takenUp } = await waitingForServer();
    guilds[0]?.comeBack();
    await eventually('it is taken up', () => takenUp.length === 1);
    expect(hosts.map((host) => host.isConnected)).toEqual([true]);
    clock.advance(3000);
    await done;
  });

  test('that has removed the bot ends its show at once', async () => {
    const { guilds, store } = await waitingForServer();
    guilds[0]?.removeBot();
    await eventually('the row is forgotten', () => store.shows.all().length === 0);
  });

  test('that lasts longer than ten minutes ends its show', async () => {
    const { clock, store, relay } = await waitingForServer();
    clock.advance(10 * 60_000 - 1);
    expect(store.shows.all()).toHaveLength(1);
    clock.advance(1);
    await eventually('the row is forgotten', () => store.shows.all().length === 0);
    await eventually('the podcast is over', () => relay.count('podcasts-ended') === 1);
  });
});
