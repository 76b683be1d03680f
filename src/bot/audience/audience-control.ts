/** Who may stop what a guild hears, or make it louder: whoever hears it, and whoever directs what is on air there. */
import { type GuildMember, type PermissionsBitField, channelMention } from 'discord.js';
import { mayDirect } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import type { Audience } from './audience.ts';
import type { Audiences } from './audiences.ts';

/**
 * What plays in the member's guild.
 * @param permissions the member's, where the command was typed
 * @throws Refusal when nothing plays there, or the member may not change it
 */
export function audienceFor(
  audiences: Audiences,
  { guild, voice }: GuildMember,
  permissions: PermissionsBitField,
): Audience {
  const audience = audiences.of(guild.id);
  if (!audience) throw new Refusal((words) => words.audience.nothingPlays);
  if (voice.channelId !== audience.channel.id && !mayDirect(permissions)) {
    const channel = channelMention(audience.channel.id);
    throw new Refusal((words) => words.audience.notYours({ channel }));
  }
  return audience;
}
