/** What every command may answer, in Spanish. */
import type { Catalogue } from '../catalogue.ts';

export const answers: Catalogue['answers'] = {
  notInServer: ({ inviteUrl }) => `No estoy en este servidor. Añádeme: ${inviteUrl}`,
  commandGone: 'Ya no tengo este comando. Recarga Discord para ver los que tengo.',
  buttonGone: 'Este botón es de una versión anterior mía y ya no hace nada.',
  mayNotDirect: ({ deed }) => `Necesitas el permiso **Gestionar eventos** (Manage Events) para ${deed} aquí.`,
  myFault: 'No ha funcionado, y la culpa es mía. El error está en mi registro.',
  invite: ({ inviteUrl }) => `Añádeme a un servidor que administres: ${inviteUrl}`,
  unknownToMyself: 'Discord aún no me ha dicho quién soy aquí; inténtalo de nuevo en un momento.',
  tryAgainInAMinute: ({ why }) => `${why} Inténtalo de nuevo en un minuto.`,
};
