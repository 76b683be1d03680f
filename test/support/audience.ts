/** Guilds that hear a podcast of another guild, and what the people there hear. */
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
import { type World, eventually } from './on-air.ts';

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
  return { guild, channel, ben, answer, audience, hearing: ben.listen() };
}

/** What of the bot's sound could be opened, so far. */
export function soundsIn({ hearing }: Pick<Seats, 'hearing'>): TimedFrame[] {
  return hearing.frames.filter(({ opus }) => opus && !isSilence(opus));
}

/** Resolves when so many frames with sound have been heard since the hearing began. */
export async function heardFrames(seats: Pick<Seats, 'hearing'>, count: number): Promise<void> {
  await eventually(`${count} frames are heard`, () => soundsIn(seats).length >= count);
}

/** How well a second out of the middle of a speech is to be heard in these frames. */
export async function matchIn(
  frames: readonly TimedFrame[],
  said: Speech,
  fromFrame: number,
): Promise<Match> {
  const spoken = said.frames.slice(fromFrame - 25, fromFrame + 50);
  const sound = await decoded(spoken.map((opus, index) => ({ opus, timestamp: index * 960 })));
  return matchOf(pieceOf(sound, 0.5, 1), await decoded(frames));
}
