/** Becomes a speaker on a stage: by itself where it may, else by raising its hand. */
import type { GuildMember } from 'discord.js';

/** What came of it: on the stage, waiting to be invited, or neither, because the guild allows neither. */
export type StagePlace = 'speaker' | 'hand-raised' | 'audience';

/** Never rejects. */
export async function comeOnStage(me: GuildMember): Promise<StagePlace> {
  try {
    await me.voice.setSuppressed(false);
    return 'speaker';
  } catch {
    // It takes a stage moderator to do that; everybody else asks.
  }
  try {
    await me.voice.setRequestToSpeak(true);
    return 'hand-raised';
  } catch {
    return 'audience';
  }
}
