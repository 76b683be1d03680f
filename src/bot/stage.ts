/** Becomes a speaker on a stage: by itself where it may, else by raising its hand, else by saying so. */
import type { GuildMember } from 'discord.js';

/** What happened, as a sentence for the channel; undefined when the bot is a speaker. */
export async function comeOnStage(me: GuildMember): Promise<string | undefined> {
  try {
    await me.voice.setSuppressed(false);
    return undefined;
  } catch {
    // It takes a stage moderator to do that; everybody else asks.
  }
  try {
    await me.voice.setRequestToSpeak(true);
    return 'I raised my hand: a stage moderator can invite me to speak. The podcast is on air meanwhile.';
  } catch {
    return 'I may neither speak on this stage nor raise my hand (permission **Request to Speak**). The podcast is on air, I only stay in the audience.';
  }
}
