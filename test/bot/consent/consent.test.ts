import { describe, expect, test } from 'vitest';
import { Consent } from '../../../src/bot/consent/consent.ts';
import { IN_MEMORY } from '../../../src/bot/store/bot-database.ts';
import { openBotStore } from '../../../src/bot/store/bot-store.ts';

const { consent: table } = openBotStore(IN_MEMORY);
let guilds = 0;

function newGuild(): string {
  guilds += 1;
  return `guild ${guilds}`;
}

describe('an opt-out guild', () => {
  test('broadcasts everybody until they say no, and again when they say yes', () => {
    const [guild, consent] = [newGuild(), new Consent(table)];
    expect(consent.isOptIn(guild)).toBe(false);
    expect(consent.isOnAir(guild, 'ann')).toBe(true);
    consent.takeOffAir(guild, 'ann');
    expect(consent.isOnAir(guild, 'ann')).toBe(false);
    expect(consent.isOnAir(guild, 'ben')).toBe(true);
    consent.putOnAir(guild, 'ann');
    expect(consent.isOnAir(guild, 'ann')).toBe(true);
  });
});

describe('an opt-in guild', () => {
  test('broadcasts nobody until they say yes', () => {
    const [guild, consent] = [newGuild(), new Consent(table)];
    consent.setOptIn(guild, true);
    expect(consent.isOnAir(guild, 'ann')).toBe(false);
    consent.putOnAir(guild, 'ann');
    expect(consent.isOnAir(guild, 'ann')).toBe(true);
    expect(consent.isOnAir(guild, 'ben')).toBe(false);
  });

  test('keeps a yes and a no when it goes back to opt-out', () => {
    const [guild, consent] = [newGuild(), new Consent(table)];
    consent.setOptIn(guild, true);
    consent.putOnAir(guild, 'ann');
    consent.takeOffAir(guild, 'ben');
    consent.setOptIn(guild, false);
    expect(['ann', 'ben', 'cleo'].map((user) => consent.isOnAir(guild, user))).toEqual([true, false, true]);
  });
});

test('a choice holds in the guild in which it was made, and after a restart', () => {
  const [here, there, consent] = [newGuild(), newGuild(), new Consent(table)];
  consent.takeOffAir(here, 'ann');
  consent.setOptIn(there, true);
  const again = new Consent(table);
  expect(again.isOnAir(here, 'ann')).toBe(false);
  expect(again.isOnAir(there, 'ben')).toBe(false);
  again.putOnAir(there, 'ann');
  expect(new Consent(table).isOnAir(there, 'ann')).toBe(true);
  expect(new Consent(table).isOnAir(here, 'ann')).toBe(false);
});

test('names are shown in no guild before it says so, and the shows are told of it', () => {
  const [guild, consent] = [newGuild(), new Consent(table)];
  const told: string[] = [];
  consent.on('changed', (guildId) => told.push(guildId));
  expect(consent.showsNames(guild)).toBe(false);
  consent.setNames(guild, true);
  expect(consent.showsNames(guild)).toBe(true);
  expect(new Consent(table).showsNames(guild)).toBe(true);
  expect(consent.isOptIn(guild)).toBe(false);
  consent.setNames(guild, false);
  expect(new Consent(table).showsNames(guild)).toBe(false);
  expect(told).toEqual([guild, guild]);
});

test('a no holds also when it cannot be written down, and the shows are told', () => {
  const store = openBotStore(IN_MEMORY);
  const consent = new Consent(store.consent);
  const told: string[] = [];
  consent.on('changed', (guildId) => told.push(guildId));
  store.close();
  expect(() => consent.takeOffAir('1', 'ann')).toThrow(/finalized/);
  expect(consent.isOnAir('1', 'ann')).toBe(false);
  expect(told).toEqual(['1']);
});
