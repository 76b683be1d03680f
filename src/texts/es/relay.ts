/** What the relay says to people, in Spanish. */
import type { Catalogue } from '../catalogue.ts';

const ERRORS: Readonly<Record<string, string>> = {
  unreachable: 'El relé no responde.',
  invalid_auth: 'El relé no conoce mi cuenta, o su secreto es incorrecto.',
  not_host: 'Eso solo puede hacerlo quien transmite este podcast.',
  unknown_podcast: 'No hay ningún podcast con ese número.',
  rate_limited: 'Demasiadas peticiones al relé; espera un poco.',
  capacity: 'Se ha alcanzado un límite del relé. Inténtalo de nuevo cuando otro podcast haya terminado.',
  not_ready: 'El relé aún no está listo; inténtalo de nuevo en un momento.',
  going_away: 'El relé se está apagando; inténtalo de nuevo en un momento.',
  internal: 'El relé ha fallado con esta petición; la culpa es suya.',
};

const ENDINGS: Readonly<Record<number, string>> = {
  1006: 'Se ha perdido la conexión con el relé.',
  4001: 'El relé no conoce mi cuenta, o su secreto es incorrecto.',
  4003: 'Quien transmitía se ha ido: el podcast ha terminado.',
  4004: 'Este podcast ya se transmite desde otro lugar.',
  4005: 'La transmisión no empezó a tiempo.',
  4006: 'No hay ningún podcast con ese número.',
  4008: 'La conexión es demasiado lenta para el directo.',
  4009: 'Se ha alcanzado un límite del relé.',
  4010: 'El relé se está apagando.',
};

export const relay: Catalogue['relay'] = {
  refused: ({ code, message }) => ERRORS[code] ?? `El relé lo ha rechazado: ${message}`,
  ended: ({ code, reason }) => ENDINGS[code] ?? reason,
};
