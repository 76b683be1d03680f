/** What the relay says to people, in Spanish. */
import type { Catalogue } from '../catalogue.ts';

const ERRORS: Readonly<Record<string, string>> = {
  unreachable: 'El relay no responde.',
  invalid_auth: 'El relay no conoce mi cuenta, o su secreto es incorrecto.',
  not_host: 'Eso solo puede hacerlo quien transmite este podcast.',
  unknown_podcast: 'No hay ningún podcast con ese número.',
  rate_limited: 'Demasiadas peticiones al relay; espera un poco.',
  capacity: 'Se ha alcanzado un límite del relay. Inténtalo de nuevo cuando otro podcast haya terminado.',
  not_ready: 'El relay aún no está listo; inténtalo de nuevo en un momento.',
  going_away: 'El relay se está apagando; inténtalo de nuevo en un momento.',
  internal: 'El relay ha fallado con esta petición; la culpa es suya.',
};

const ENDINGS: Readonly<Record<number, string>> = {
  1006: 'Se ha perdido la conexión con el relay.',
  1011: 'Un error lo ha interrumpido.',
  4001: 'El relay no conoce mi cuenta, o su secreto es incorrecto.',
  4003: 'Quien transmitía se ha ido: el podcast ha terminado.',
  4004: 'Este podcast ya se transmite desde otro lugar.',
  4005: 'La transmisión no empezó a tiempo.',
  4006: 'No hay ningún podcast con ese número.',
  4008: 'La conexión es demasiado lenta para el directo.',
  4009: 'Se ha alcanzado un límite del relay.',
  4010: 'El relay se está apagando.',
};

export const relay: Catalogue['relay'] = {
  refused: ({ code, message }) => ERRORS[code] ?? `El relay lo ha rechazado: ${message}`,
  ended: ({ code, reason }) => ENDINGS[code] ?? reason,
};
