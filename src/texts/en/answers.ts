/** What every command may answer, in English. */

export const answers = {
  notInServer: ({ inviteUrl }: { readonly inviteUrl: string }) =>
    `I am not in this server. Add me: ${inviteUrl}`,
  commandGone: 'I do not have this command any more. Reload Discord to see those I have.',
  buttonGone: 'This button is of an older version of me and does nothing any more.',
  /** What `deed` is: one of a topic's `deeds`. */
  mayNotDirect: ({ deed }: { readonly deed: string }) =>
    `You need the permission **Manage Events** to ${deed} here.`,
  myFault: 'That did not work, and the fault is mine. It is in my log.',
  invite: ({ inviteUrl }: { readonly inviteUrl: string }) =>
    `Add me to a server that you manage: ${inviteUrl}`,
  unknownToMyself: 'Discord has not told me yet who I am here; try again in a moment.',
  tryAgainInAMinute: ({ why }: { readonly why: string }) => `${why} Try again in a minute.`,
};
