/** Why the bot is not in its voice channel any more, with a name where the guild lets it see its audit log. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  AuditLogEvent,
  type Guild,
  PermissionFlagsBits,
  type VoiceState,
  channelMention,
  userMention,
} from 'discord.js';
import type { Text } from '../texts/catalogue.ts';

// Discord writes the audit log a moment after the fact; an entry older than this is about something else.
const AUDIT_LOG_AGE_MS = 10_000;
// Nothing waits for long while Discord takes its time to say who it was.
const WHY_MS = 1500;

const TAKEN_OUT: Text = ({ voice }) => voice.takenOut;

/** @param after the bot's voice state: in another channel, or in none. Never rejects, and takes 1.5 s at most. */
export async function whyDeparted(after: VoiceState): Promise<Text> {
  const unknown = pause(WHY_MS, TAKEN_OUT, { ref: false });
  return await Promise.race([farewell(after), unknown]);
}

async function farewell({ guild, channelId }: VoiceState): Promise<Text> {
  const moved = channelId !== null;
  const who = await actorOf(guild, moved ? AuditLogEvent.MemberMove : AuditLogEvent.MemberDisconnect);
  return moved
    ? ({ voice }) => voice.moved({ who, channel: channelMention(channelId) })
    : ({ voice }) => voice.disconnected({ who });
}

/** A mention of who did it; undefined where that is not known. */
async function actorOf(
  guild: Guild,
  type: AuditLogEvent.MemberDisconnect | AuditLogEvent.MemberMove,
): Promise<string | undefined> {
  if (!guild.members.me?.permissions.has(PermissionFlagsBits.ViewAuditLog)) return undefined;
  const entries = await guild.fetchAuditLogs({ type, limit: 1 }).catch(() => undefined);
  const entry = entries?.entries.first();
  const fresh = entry && Date.now() - entry.createdTimestamp < AUDIT_LOG_AGE_MS;
  return fresh && entry.executorId ? userMention(entry.executorId) : undefined;
}
