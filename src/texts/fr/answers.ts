/** What every command may answer, in French. */
import type { Catalogue } from '../catalogue.ts';

export const answers: Catalogue['answers'] = {
  notInServer: ({ inviteUrl }) => `Je ne suis pas sur ce serveur. Ajoutez-moi : ${inviteUrl}`,
  commandGone: 'Je n’ai plus cette commande. Rechargez Discord pour voir celles que j’ai.',
  buttonGone: 'Ce bouton vient d’une version plus ancienne de moi et n’a plus d’effet.',
  mayNotDirect: ({ deed }) =>
    `Il vous faut la permission **Gérer les évènements** (Manage Events) pour ${deed} ici.`,
  myFault: 'Cela n’a pas marché, et c’est ma faute. L’erreur figure dans mon journal.',
  invite: ({ inviteUrl }) => `Ajoutez-moi à un serveur que vous gérez : ${inviteUrl}`,
  unknownToMyself: 'Discord ne m’a pas encore dit qui je suis ici ; réessayez dans un instant.',
  tryAgainInAMinute: ({ why }) => `${why} Réessayez dans une minute.`,
};
