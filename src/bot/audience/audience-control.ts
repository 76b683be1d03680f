/** Who may stop what a guild hears, or make it louder: whoever hears it, and whoever directs what is on air there. */
import type { GuildMember, PermissionsBitField } from 'discord.js';
import { mayDirect } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import type { Audience } from './audience.ts';
import type { Audiences } from './audiences.ts';
import { AUDIENCE_WORDS as WORDS } from './audience-words.ts';

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
  if (!audience) throw new Refusal(WORDS.nothingPlays);
  if (voice.channelId !== audience.channel.id && !mayDirect(permissions)) {
    throw new Refusal(WORDS.notYours(`<#${audience.channel.id}>`));
  }
  return audience;
}
