/** What the relay says to people, in French. */
import type { Catalogue } from '../catalogue.ts';

const ERRORS: Readonly<Record<string, string>> = {
  unreachable: 'Le relais ne répond pas.',
  invalid_auth: 'Le relais ne connaît pas mon compte, ou son secret est faux.',
  not_host: 'Seul l’hôte de ce podcast peut faire cela.',
  unknown_podcast: 'Il n’y a pas de podcast avec ce numéro.',
  rate_limited: 'Trop de requêtes au relais ; attendez un peu.',
  capacity: 'Une limite du relais est atteinte. Réessayez quand un autre podcast sera terminé.',
  not_ready: 'Le relais n’est pas encore prêt ; réessayez dans un instant.',
  going_away: 'Le relais est en train de s’arrêter ; réessayez dans un instant.',
  internal: 'Le relais n’a pas su traiter cette requête ; la faute vient de lui.',
};

const ENDINGS: Readonly<Record<number, string>> = {
  1006: 'La connexion au relais a été perdue.',
  1011: 'Une erreur y a mis fin.',
  4001: 'Le relais ne connaît pas mon compte, ou son secret est faux.',
  4003: 'L’hôte est parti : le podcast est terminé.',
  4004: 'Ce podcast est déjà diffusé depuis un autre endroit.',
  4005: 'La diffusion n’a pas commencé à temps.',
  4006: 'Il n’y a pas de podcast avec ce numéro.',
  4008: 'La connexion est trop lente pour le direct.',
  4009: 'Une limite du relais est atteinte.',
  4010: 'Le relais est en train de s’arrêter.',
};

export const relay: Catalogue['relay'] = {
  refused: ({ code, message }) => ERRORS[code] ?? `Le relais a refusé : ${message}`,
  ended: ({ code, reason }) => ENDINGS[code] ?? reason,
};
