/** What happens to the bot in a voice channel, in English. Channels and people come as mentions. */
import { counter, durations } from '../numbers.ts';

const PERMISSIONS = { ViewChannel: 'View Channel', Connect: 'Connect', Speak: 'Speak' };
const PURPOSES = { broadcast: 'to go on air there', play: 'to play there' };

const lists = new Intl.ListFormat('en');
const forSoLong = durations(
  counter('en', { one: 'a second', other: '# seconds' }),
  counter('en', { one: 'a minute', other: '# minutes' }),
);
const timesOf = counter('en', { one: 'once', other: '# times' });

interface Missing {
  readonly permissions: readonly (keyof typeof PERMISSIONS)[];
  readonly channel: string;
  readonly purpose: keyof typeof PURPOSES;
}

export const voice = {
  permissionsMissing: ({ permissions, channel, purpose }: Missing) => {
    const names = permissions.map((permission) => `**${PERMISSIONS[permission]}**`);
    const noun = names.length > 1 ? 'permissions' : 'permission';
    return `I need the ${noun} ${lists.format(names)} in ${channel} ${PURPOSES[purpose]}.`;
  },
  full: ({ channel, limit }: { readonly channel: string; readonly limit: number }) =>
    `${channel} is full: its limit is ${limit} people. Raise the limit by one, or let somebody leave.`,
  notLetIn: 'Discord did not let me into the voice channel in time.',
  failed: ({ message }: { readonly message: string }) => `The voice connection failed: ${message}`,
  gaveUp: ({ why, times }: { readonly why: string; readonly times: number }) =>
    `${why} I tried ${timesOf(times)} to come back.`,

  closed: ({ why }: { readonly why: string }) => `Discord closed the voice connection: ${why}`,
  /** Why, by close code: follows `closed`. */
  closes: {
    4001: 'it did not know a message of mine.',
    4002: 'it could not read a message of mine.',
    4003: 'I was not identified.',
    4004: 'it did not accept my token.',
    4005: 'I was identified already.',
    4006: 'my session is no longer valid.',
    4009: 'my session timed out.',
    4011: 'the voice server was not found.',
    4012: 'it does not know the protocol I speak.',
    4014: 'somebody disconnected me, or the channel is gone.',
    4015: 'the voice server crashed.',
    4016: 'it does not know the encryption I asked for.',
    4017: 'this call is end-to-end encrypted and it did not accept mine.',
    4020: 'it found a request of mine wrong.',
    4021: 'I am rate limited.',
    4022: 'the call was ended for everyone.',
  },
  closedOtherwise: ({ code }: { readonly code: number }) => `the connection was lost (${code}).`,

  cannotDecrypt: 'People speak and I cannot decrypt them.',
  unheard: ({ names }: { readonly names: readonly string[] }) =>
    `I hear that ${names.join(', ')} ${names.length === 1 ? 'speaks' : 'speak'} but cannot decrypt it.`,
  rejoining: ({ why }: { readonly why: string }) => `${why} I am rejoining the channel.`,

  empty: ({ channel, ms }: { readonly channel: string; readonly ms: number }) =>
    `Nobody has been in ${channel} for ${forSoLong(ms)}.`,
  takenOut: 'Somebody took me out of the channel.',
  moved: ({ who, channel }: { readonly who: string | undefined; readonly channel: string }) =>
    `${who ?? 'Somebody'} moved me to ${channel}, where nobody has been asked.`,
  disconnected: ({ who }: { readonly who: string | undefined }) =>
    `${who ?? 'Somebody'} disconnected me from the channel.`,
  channelDeleted: 'The channel was deleted.',
  removed: 'I was removed from the server.',
  shuttingDown: 'I am being shut down.',
  restarting: 'I am being restarted.',
  restarted: 'I was restarted.',
  gatewayLost: 'Discord lost my connection.',
  gatewayStayedAway: 'Discord lost my connection and did not give me another in time.',
};
