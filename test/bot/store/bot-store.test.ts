import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { StoredAudience } from '../../../src/bot/store/audience-table.ts';
import { IN_MEMORY } from '../../../src/bot/store/bot-database.ts';
import { type BotStore, openBotStore } from '../../../src/bot/store/bot-store.ts';
import type { StoredShow } from '../../../src/bot/store/show-table.ts';

const SHOW: StoredShow = {
  guildId: '10',
  channelId: '11',
  podcastId: 2_147_483_647,
  hostUserId: '12',
  panelMessageId: null,
  previousNickname: 'Radio',
  previousStatus: '',
  startedAtMs: 1_790_000_000_000,
};

const AUDIENCE: StoredAudience = {
  guildId: '20',
  channelId: '21',
  podcastId: 7,
  userId: '22',
  volume: 0.5,
  sealedListenKey: Uint8Array.of(1, 2, 0, 255),
  startedAtMs: 1_790_000_000_000,
};

let file: string;
let stores: BotStore[];

function open(name = file): BotStore {
  const store = openBotStore(name);
  stores.push(store);
  return store;
}

function reopen(): BotStore {
  stores.pop()?.close();
  return open();
}

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-store-'));
  file = join(folder, 'bot.db');
  stores = [];
  onTestFinished(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true });
  });
});

describe('the file', () => {
  test('can be read by its owner alone, and so can what SQLite puts beside it', () => {
    open().consent.setOptIn('1', true);
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o077).toBe(0);
  });

  test('of a later version is left alone', () => {
    const later = new DatabaseSync(file);
    later.exec('PRAGMA user_version = 99');
    later.close();
    const before = readFileSync(file);
    expect(() => openBotStore(file)).toThrow(/later version of Guildcast \(schema 99/);
    expect(readFileSync(file)).toEqual(before);
  });

  test('that is no database is said to be none', () => {
    writeFileSync(
      file,
      'a list of things to buy, rather long so that it has a whole page header: '.repeat(20),
    );
    expect(() => openBotStore(file)).toThrow(/not a database/);
  });

  test('in memory starts empty each time', () => {
    open(IN_MEMORY).shows.save(SHOW);
    expect(open(IN_MEMORY).shows.all()).toEqual([]);
  });
});

test('a file of a version that knew of no names goes on, and names nobody', () => {
  const before = open().consent;
  before.setOptIn('1', true);
  before.choose({ guildId: '1', userId: '5', onAir: true });
  stores.pop()?.close();
  const earlier = new DatabaseSync(file);
  earlier.exec('ALTER TABLE guild_settings DROP COLUMN names; PRAGMA user_version = 1;');
  earlier.close();
  const { consent } = open();
  expect(consent.optInGuildIds()).toEqual(['1']);
  expect([...consent.choices()]).toHaveLength(1);
  expect(consent.namesGuildIds()).toEqual([]);
});

describe('choices', () => {
  test('and settings are there after a restart, the last ones', () => {
    const { consent } = open();
    consent.setOptIn('1', true);
    consent.setOptIn('2', true);
    consent.setOptIn('2', false);
    consent.choose({ guildId: '1', userId: '5', onAir: true });
    consent.choose({ guildId: '1', userId: '5', onAir: false });
    consent.choose({ guildId: '2', userId: '5', onAir: true });
    consent.setNames('1', true);
    consent.setNames('2', true);
    consent.setNames('2', false);
    consent.setNames('3', true);
    const again = reopen().consent;
    expect(again.optInGuildIds()).toEqual(['1']);
    expect(again.namesGuildIds()).toEqual(['1', '3']);
    expect([...again.choices()]).toEqual([
      { guildId: '1', userId: '5', onAir: false },
      { guildId: '2', userId: '5', onAir: true },
    ]);
  });
});

describe('shows', () => {
  test('are there after a restart as they were saved, one a guild', () => {
    const { shows } = open();
    shows.save({ ...SHOW, podcastId: 3 });
    shows.save(SHOW);
    const older = { ...SHOW, guildId: '9', previousNickname: null, previousStatus: null, startedAtMs: 1 };
    shows.save(older);
    expect(reopen().shows.all()).toEqual([older, SHOW]);
  });

  test('know which message is their panel, and are forgotten', () => {
    const { shows } = open();
    shows.save({ ...SHOW, panelMessageId: '99' });
    expect(shows.all()).toEqual([{ ...SHOW, panelMessageId: '99' }]);
    shows.forget('10');
    expect(reopen().shows.all()).toEqual([]);
  });
});

describe('audiences', () => {
  test('are there after a restart as they were saved, one a guild', () => {
    const { audiences } = open();
    audiences.save(AUDIENCE);
    audiences.setVolume('20', 1.5);
    const open2 = { ...AUDIENCE, guildId: '23', sealedListenKey: null, startedAtMs: 1 };
    audiences.save(open2);
    expect(reopen().audiences.all()).toEqual([open2, { ...AUDIENCE, volume: 1.5 }]);
    reopen().audiences.forget('20');
    expect(reopen().audiences.all()).toEqual([open2]);
  });
});
