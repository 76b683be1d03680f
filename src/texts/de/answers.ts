/** What every command may answer, in German. */
import type { Catalogue } from '../catalogue.ts';

export const answers: Catalogue['answers'] = {
  notInServer: ({ inviteUrl }) => `Ich bin nicht auf diesem Server. Füge mich hinzu: ${inviteUrl}`,
  commandGone: 'Diesen Befehl habe ich nicht mehr. Lade Discord neu, um zu sehen, welche ich habe.',
  buttonGone: 'Dieser Knopf stammt von einer älteren Version von mir und tut nichts mehr.',
  mayNotDirect: ({ deed }) =>
    `Du brauchst die Berechtigung **Events verwalten** (Manage Events), um hier ${deed}.`,
  myFault: 'Das hat nicht geklappt, und der Fehler liegt bei mir. Er steht in meinem Protokoll.',
  invite: ({ inviteUrl }) => `Füge mich zu einem Server hinzu, den du verwaltest: ${inviteUrl}`,
  unknownToMyself: 'Discord hat mir noch nicht gesagt, wer ich hier bin; versuche es gleich noch einmal.',
  tryAgainInAMinute: ({ why }) => `${why} Versuche es in einer Minute noch einmal.`,
};
