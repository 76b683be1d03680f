/** Guilds that hear a podcast of another guild, and what the people there hear. */
import { expect } from 'vitest';
import type { Answer } from '../../simulator/answer.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { Hearing } from '../../simulator/hearing.ts';
import type { Person } from '../../simulator/person.ts';
import type { Speech } from '../../simulator/speech.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { isSilence } from '../../src/audio/opus-packet.ts';
import type { Audience } from '../../src/bot/audience/audience.ts';
import { podcast } from './commands.ts';
import { type Match, type TimedFrame, decoded, matchOf, pieceOf } from './decoded.ts';
import {
  type Show,
  type World,
  type WorldOptions,
  eventually,
  goOnAir,
  speechOf,
  startWorld,
} from './on-air.ts';

export interface Seats {
  readonly guild: Guild;
  readonly channel: VoiceChannel;
  readonly ben: Person;
  readonly answer: Answer;
  readonly audience: Audience;
  readonly hearing: Hearing;
}

/** Ben of that guild comes into its channel, has the podcast played there, and listens. */
export async function hears(
  world: World,
  channel: VoiceChannel,
  asked: number | string,
  ben: Person = channel.guild.addPerson('Ben'),
): Promise<Seats> {
  const { guild } = channel;
  if (ben.channel !== channel) await ben.join(channel);
  const answer = await podcast(world, ben, 'listen', { podcast: String(asked) });
  const audience = world.program.bot.audiences.of(guild.id);
  if (!audience) throw new Error(`nothing plays: ${answer.content}`);
  await channel.botJoined();
  // The first programme of a process takes the relay a moment: what is said meanwhile is heard by nobody.
  await eventually('the podcast arrives', () => audience.status().frames > 0);
  return { guild, channel, ben, answer, audience, hearing: ben.listen() };
}

/** A show in the world's first guild, for others to hear. */
export async function showToHear(options: WorldOptions = {}): Promise<{ world: World; show: Show }> {
  const world = await startWorld(options);
  return { world, show: await goOnAir(world, world.guild.addVoiceChannel('round table')) };
}

/** The frames of a voice that are said, two seconds of them. */
const SAID = { from: 100, frames: 100 };

/** A voice is known by this; another one has less than 0.5. */
const KNOWN = 0.85;
/** A machine that is held up loses sound, as it must; then the same is said again. */
const TIMES = 5;

/** Says two seconds of a voice on air, until it is known again. @returns how well it is heard by each of these people */
export async function saidAndHeard(
  { host }: Show,
  everywhere: readonly Pick<Seats, 'hearing'>[],
): Promise<Match[]> {
  const speech = await speechOf('allison');
  let matches: Match[] = [];
  for (let times = 0; times < TIMES; times += 1) {
    const before = everywhere.map((seats) => soundsIn(seats).length);
    await host.speak(speech, SAID).done;
    const heard = everywhere.map(async (seats, index) => {
      await heardFrames(seats, before[index]! + SAID.frames / 2);
      return await matchIn(soundsIn(seats).slice(before[index]), speech);
    });
    matches = await Promise.all(heard);
    if (matches.every(({ likeness }) => likeness > KNOWN)) break;
  }
  return matches;
}

/** What is said on air sounds the same to each of these people. */
export async function expectHeard(show: Show, everywhere: readonly Pick<Seats, 'hearing'>[]): Promise<void> {
  for (const { likeness } of await saidAndHeard(show, everywhere)) expect(likeness).toBeGreaterThan(KNOWN);
}

/** What of the bot's sound could be opened, so far. */
export function soundsIn({ hearing }: Pick<Seats, 'hearing'>): TimedFrame[] {
  return hearing.frames.filter(({ opus }) => opus && !isSilence(opus));
}

/** Resolves when so many frames with sound have been heard since the hearing began. */
export async function heardFrames(seats: Pick<Seats, 'hearing'>, count: number): Promise<void> {
  await eventually(`${count} frames are heard`, () => soundsIn(seats).length >= count);
}

/**
 * How well these frames of a speech are to be heard in those: the median of quarters of a second. One of them may well be
 * shortened a little, where a jitter buffer on the way found that it can do with less.
 */
async function matchIn(frames: readonly TimedFrame[], said: Speech): Promise<Match> {
  const spoken = said.frames.slice(SAID.from, SAID.from + SAID.frames);
  const sound = await decoded(spoken.map((opus, index) => ({ opus, timestamp: index * 960 })));
  const whole = await decoded(frames);
  const pieces = [0.5, 0.75, 1, 1.25, 1.5].map((fromSeconds) =>
    matchOf(pieceOf(sound, fromSeconds, 0.25), whole),
  );
  const [, , median] = pieces.toSorted((one, other) => one.likeness - other.likeness);
  return median!;
}
