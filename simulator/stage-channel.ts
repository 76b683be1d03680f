/** A stage channel: its audience listens, and who wants to speak raises a hand or is a moderator. */
import type { Guild } from './guild.ts';
import type { Person } from './person.ts';
import { VoiceChannel, type VoiceChannelOptions } from './voice-channel.ts';

export class StageChannel extends VoiceChannel {
  constructor(guild: Guild, name: string, options: VoiceChannelOptions = {}) {
    super(guild, 'stage', name, options);
  }

  /** Whether the bot's hand is up. */
  get botHandRaised(): boolean {
    return typeof this.guild.voiceStates.get(this.guild.world.bot.id)?.requestToSpeakAt === 'string';
  }

  /** Whether the bot is on stage and may be heard. */
  get botOnStage(): boolean {
    const state = this.guild.voiceStates.get(this.guild.world.bot.id);
    return state?.channelId === this.id && !state.suppress;
  }

  /** A moderator takes the bot up on the stage. */
  inviteBot(): void {
    this.#change(this.guild.world.bot.id, false);
  }

  /** A moderator sends the bot back to the audience. */
  sendBotToAudience(): void {
    this.#change(this.guild.world.bot.id, true);
  }

  /** A moderator takes somebody up on the stage. */
  invite(person: Person): void {
    this.#change(person.id, false);
  }

  /** A moderator sends somebody back to the audience. */
  sendToAudience(person: Person): void {
    this.#change(person.id, true);
  }

  #change(userId: string, suppress: boolean): void {
    if (!this.occupants.includes(userId)) return;
    this.guild.voiceStates.change(userId, { suppress, requestToSpeakAt: null });
  }
}
