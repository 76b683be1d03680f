/** Who may stop what a guild hears, or make it louder: whoever hears it, and whoever directs what is on air there. */
import { type GuildMember, type PermissionsBitField, channelMention } from 'discord.js';
import { mayDirect } from '../permissions.ts';
import { Refusal } from '../refusal.ts';
import type { Audience } from './audience.ts';

/**
 * What the member wants to change.
 * @param audience of the member's guild; undefined when there is none
 * @param permissions the member's, where the command was typed
 * @throws Refusal when nothing plays there, or the member may not change it
 */
export function audienceFor(
  audience: Audience | undefined,
  { voice }: GuildMember,
  permissions: PermissionsBitField,
): Audience {
  if (!audience) throw new Refusal((words) => words.audience.nothingPlays);
  if (voice.channelId !== audience.channel.id && !mayDirect(permissions)) {
    const channel = channelMention(audience.channel.id);
    throw new Refusal((words) => words.audience.notYours({ channel }));
  }
  return audience;
}
