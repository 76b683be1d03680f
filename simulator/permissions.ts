/** Discord's permission bits, and what a member may do in a channel once roles and overwrites are added up. */

/** Names as discord.js writes them. */
export const permissionBits = {
  CreateInstantInvite: 1n << 0n,
  KickMembers: 1n << 1n,
  BanMembers: 1n << 2n,
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewAuditLog: 1n << 7n,
  PrioritySpeaker: 1n << 8n,
  Stream: 1n << 9n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseExternalEmojis: 1n << 18n,
  Connect: 1n << 20n,
  Speak: 1n << 21n,
  MuteMembers: 1n << 22n,
  DeafenMembers: 1n << 23n,
  MoveMembers: 1n << 24n,
  UseVAD: 1n << 25n,
  ChangeNickname: 1n << 26n,
  ManageNicknames: 1n << 27n,
  ManageRoles: 1n << 28n,
  ManageWebhooks: 1n << 29n,
  UseApplicationCommands: 1n << 31n,
  RequestToSpeak: 1n << 32n,
  ManageEvents: 1n << 33n,
  CreateEvents: 1n << 44n,
  SetVoiceChannelStatus: 1n << 48n,
} as const;

export type PermissionName = keyof typeof permissionBits;

/** What an ordinary person may do. */
export const ordinaryPermissions: readonly PermissionName[] = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'AddReactions',
  'ReadMessageHistory',
  'Connect',
  'Speak',
  'Stream',
  'UseVAD',
  'ChangeNickname',
  'UseApplicationCommands',
  'RequestToSpeak',
  'SetVoiceChannelStatus',
];

/** The least that a broadcasting bot's invitation asks for (281479375506432). */
export const invitedBotPermissions: readonly PermissionName[] = [
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'Connect',
  'Speak',
  'UseVAD',
  'ChangeNickname',
  'RequestToSpeak',
  'SetVoiceChannelStatus',
];

const everyPermission = Object.values(permissionBits).reduce((sum, bit) => sum | bit, 0n);

/** The bits of these permissions together. */
export function bitsOf(names: readonly PermissionName[]): bigint {
  return names.reduce((sum, name) => sum | permissionBits[name], 0n);
}

/** Whether the bits hold the permission. */
export function holds(bits: bigint, name: PermissionName): boolean {
  return (bits & permissionBits[name]) !== 0n;
}

export interface Overwrite {
  readonly kind: 'role' | 'member';
  readonly id: string;
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface PermissionHolder {
  readonly userId: string;
  readonly roles: readonly { readonly id: string; readonly permissions: bigint }[];
}

/** A member's permissions in the guild at large: all their roles together, everything for an administrator. */
export function guildPermissions(holder: PermissionHolder): bigint {
  const sum = holder.roles.reduce((bits, role) => bits | role.permissions, 0n);
  return holds(sum, 'Administrator') ? everyPermission : sum;
}

/** A member's permissions in one channel: first the roles' overwrites, then the member's own. */
export function channelPermissions(holder: PermissionHolder, overwrites: readonly Overwrite[]): bigint {
  const base = guildPermissions(holder);
  if (holds(base, 'Administrator')) return base;
  const roleIds = new Set(holder.roles.map((role) => role.id));
  const ofRoles = overwrites.filter((overwrite) => overwrite.kind === 'role' && roleIds.has(overwrite.id));
  const own = overwrites.filter((overwrite) => overwrite.kind === 'member' && overwrite.id === holder.userId);
  return applyOverwrites(applyOverwrites(base, ofRoles), own);
}

function applyOverwrites(bits: bigint, overwrites: readonly Overwrite[]): bigint {
  const denied = overwrites.reduce((sum, overwrite) => sum | overwrite.deny, 0n);
  const allowed = overwrites.reduce((sum, overwrite) => sum | overwrite.allow, 0n);
  return (bits & ~denied) | allowed;
}
