/** Why the bot is not in its voice channel any more, with a name where the guild lets it see its audit log. */
import { setTimeout as pause } from 'node:timers/promises';
import { AuditLogEvent, type Guild, PermissionFlagsBits, type VoiceState, channelMention } from 'discord.js';

// Discord writes the audit log a moment after the fact; an entry older than this is about something else.
const AUDIT_LOG_AGE_MS = 10_000;
// Nothing waits for long while Discord takes its time to say who it was.
const WHY_MS = 1500;

/** @param after the bot's voice state: in another channel, or in none. Never rejects, and takes 1.5 s at most. */
export async function whyDeparted(after: VoiceState): Promise<string> {
  const unknown = pause(WHY_MS, 'Somebody took me out of the channel.', { ref: false });
  return await Promise.race([farewell(after), unknown]);
}

async function farewell({ guild, channelId }: VoiceState): Promise<string> {
  const moved = channelId !== null;
  const who = await actorOf(guild, moved ? AuditLogEvent.MemberMove : AuditLogEvent.MemberDisconnect);
  return moved
    ? `${who} moved me to ${channelMention(channelId)}, where nobody has been asked.`
    : `${who} disconnected me from the channel.`;
}

async function actorOf(
  guild: Guild,
  type: AuditLogEvent.MemberDisconnect | AuditLogEvent.MemberMove,
): Promise<string> {
  if (!guild.members.me?.permissions.has(PermissionFlagsBits.ViewAuditLog)) return 'Somebody';
  const entries = await guild.fetchAuditLogs({ type, limit: 1 }).catch(() => undefined);
  const entry = entries?.entries.first();
  const fresh = entry && Date.now() - entry.createdTimestamp < AUDIT_LOG_AGE_MS;
  return fresh && entry.executorId ? `<@${entry.executorId}>` : 'Somebody';
}
