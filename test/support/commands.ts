/** Slash commands as people type them, and what holds for every answer to one. */
import { expect } from 'vitest';
import type { Answer } from '../../simulator/answer.ts';
import type { CommandOptions } from '../../simulator/commands.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import type { PodcastObject } from '../../src/protocol/rest.ts';
import { type World, eventually } from './on-air.ts';

/** How long Discord waits for a first reply. */
const FIRST_REPLY_MS = 3000;
const PINO_ERROR = 50;

export type Subcommand =
  | 'start'
  | 'stop'
  | 'status'
  | 'invite'
  | 'listen'
  | 'leave'
  | 'list'
  | 'volume'
  | 'offair'
  | 'onair'
  | 'settings';

/** Types `/podcast …` where everybody can see it, and waits until there is an answer to read. */
export async function podcast(
  world: World,
  person: Person,
  subcommand: Subcommand,
  options: CommandOptions = {},
): Promise<Answer> {
  const answer = await typed(world, person, subcommand, options);
  await answer.settled();
  expectGoodAnswer(world, answer);
  return answer;
}

/** Types `/podcast …` and waits for the first reply alone, in which the bot may just have asked for time. */
export function typed(
  { guild, chat }: World,
  person: Person,
  subcommand: Subcommand,
  options: CommandOptions = {},
): Promise<Answer> {
  // In the guild of the person, which need not be the world's first.
  const channel = person.guild === guild ? chat : person.guild.addTextChannel('chat');
  return person.command(channel, 'podcast', subcommand, options);
}

/** In time, for the person alone, in words, and nothing went wrong behind the scenes. */
export function expectGoodAnswer({ discord, logLines }: World, answer: Answer): void {
  expect(answer.msToFirstReply).toBeLessThan(FIRST_REPLY_MS);
  expect(answer.ephemeral).toBe(true);
  expect(answer.followUps).toEqual([]);
  expect(answer.content).toMatch(/^\S[^]+\S$/);
  expect(answer.content).not.toMatch(/undefined|null|NaN|\[object|Error|fault is mine/);
  expect(discord.unknownRequests).toEqual([]);
  expect(logLines.filter((line) => levelOf(line) >= PINO_ERROR)).toEqual([]);
}

function levelOf(logLine: string): number {
  return (JSON.parse(logLine) as { level: number }).level;
}

/** The podcast as the relay shows it; undefined when there is none for whoever asks so. */
export async function onRelay(
  { program }: World,
  query: Readonly<Record<string, string>>,
): Promise<PodcastObject | undefined> {
  const response = await fetch(`${program.relay.url}/podcast?${new URLSearchParams(query).toString()}`);
  return response.ok ? ((await response.json()) as PodcastObject) : undefined;
}

export async function listedOnRelay({ program }: World): Promise<PodcastObject[]> {
  const response = await fetch(`${program.relay.url}/list`);
  return ((await response.json()) as { podcasts: PodcastObject[] }).podcasts;
}

/** Nothing is on air in the guild, and the bot is in no channel of it. */
export async function expectNothingOnAir(world: World, guild: Guild = world.guild): Promise<void> {
  expect(world.program.bot.broadcasts.of(guild.id)).toBeUndefined();
  await eventually('the bot has left', () => guild.botVoice.channel === undefined);
  expect(await listedOnRelay(world)).toEqual([]);
}

/** The bot's wish to join a channel, which Discord keeps waiting. */
export interface HeldJoin {
  /** Resolves when the bot has asked. */
  readonly asked: Promise<void>;
  /** Lets it in, if it still wants to, and every later time at once. */
  grant(): void;
}

export function holdJoins({ botVoice }: Guild): HeldJoin {
  const request = botVoice.request.bind(botVoice);
  const asked = Promise.withResolvers<void>();
  let held: Parameters<typeof request>[0] | undefined;
  botVoice.request = (wish) => {
    held = wish.channelId === null ? undefined : wish;
    if (held) asked.resolve();
    else request(wish);
  };
  return {
    asked: asked.promise,
    grant() {
      botVoice.request = request;
      if (held) request(held);
    },
  };
}

/** So many people who are in the channel already. */
export async function fill(channel: VoiceChannel, people: number): Promise<void> {
  for (let index = 1; index <= people; index += 1) {
    await channel.guild.addPerson(`Guest ${index}`).join(channel);
  }
}
