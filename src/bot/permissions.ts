/** What the bot asks of a guild: the invite link, and what is missing in a channel, in words. Computed from flags. */
import {
  ChannelType,
  type GuildMember,
  OAuth2Scopes,
  PermissionFlagsBits,
  PermissionsBitField,
  type VoiceBasedChannel,
  channelMention,
} from 'discord.js';
import type { Text } from '../texts/catalogue.ts';
import { Refusal } from './refusal.ts';

/** What the invite asks for: to be in channels, to be heard there, and to show that a channel is on air. */
const INVITE_PERMISSIONS = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.EmbedLinks,
  PermissionFlagsBits.Connect,
  PermissionFlagsBits.Speak,
  PermissionFlagsBits.UseVAD,
  PermissionFlagsBits.ChangeNickname,
  PermissionFlagsBits.RequestToSpeak,
  PermissionFlagsBits.SetVoiceChannelStatus,
] as const;

/** The sum of the flags, as Discord's links carry it. */
export const INVITE_PERMISSION_BITS: bigint = new PermissionsBitField(INVITE_PERMISSIONS).bitfield;

/** The link with which somebody who manages a server adds the bot to it. */
export function inviteUrl(applicationId: string): string {
  const url = new URL('https://discord.com/oauth2/authorize');
  url.searchParams.set('client_id', applicationId);
  url.searchParams.set('scope', `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  url.searchParams.set('permissions', INVITE_PERMISSION_BITS.toString());
  return url.toString();
}

const NEEDED = {
  broadcast: ['ViewChannel', 'Connect'],
  play: ['ViewChannel', 'Connect', 'Speak'],
  // Its moderators say who speaks.
  playOnStage: ['ViewChannel', 'Connect'],
} as const;

/** Why the bot cannot come into this channel to broadcast it, or to play in it; undefined when it can. */
export function reasonNotToJoin(
  channel: VoiceBasedChannel,
  me: GuildMember,
  purpose: 'broadcast' | 'play' = 'broadcast',
): Text | undefined {
  const permissions = channel.permissionsFor(me);
  const where = channelMention(channel.id);
  const needed = NEEDED[purpose === 'play' && isStage(channel) ? 'playOnStage' : purpose];
  const missing = needed.filter((permission) => !permissions.has(permission));
  if (missing.length > 0)
    return ({ voice }) => voice.permissionsMissing({ permissions: missing, channel: where, purpose });
  const mayEnterFull = permissions.has(PermissionFlagsBits.MoveMembers);
  const isFull = channel.userLimit > 0 && channel.members.size >= channel.userLimit;
  if (isFull && !channel.members.has(me.id) && !mayEnterFull) {
    return ({ voice }) => voice.full({ channel: where, limit: channel.userLimit });
  }
  return undefined;
}

export function isStage(channel: VoiceBasedChannel): boolean {
  return channel.type === ChannelType.GuildStageVoice;
}

/** Whether somebody may direct what is on air in this guild. @param permissions the member's, where the command was typed */
export function mayDirect(permissions: PermissionsBitField): boolean {
  return permissions.has(PermissionFlagsBits.ManageEvents);
}

/**
 * What is heard in a channel is up to those who may speak there, and to who directs what is on air.
 * @param member in a voice or stage channel @param permissions theirs, where the command was typed
 * @throws Refusal for who may not speak in their channel: without the permission, muted by a moderator, in a stage's audience
 */
export function assertMaySpeak(member: GuildMember, permissions: PermissionsBitField): void {
  const { channel, serverMute, suppress } = member.voice;
  if (!channel || mayDirect(permissions)) return;
  const mayEver = isStage(channel) || channel.permissionsFor(member).has(PermissionFlagsBits.Speak);
  if (mayEver && !serverMute && !suppress) return;
  const where = channelMention(channel.id);
  throw new Refusal(({ audience }) => audience.mayNotSpeak({ channel: where }));
}

/** @param deed what they want to do: follows "to". @throws Refusal for who may not direct */
export function assertMayDirect(permissions: PermissionsBitField, deed: Text): void {
  if (!mayDirect(permissions)) {
    throw new Refusal((words) => words.answers.mayNotDirect({ deed: deed(words) }));
  }
}
