/** `/podcast offair`: keeps the caller's voice out of every broadcast of this server. */
import { chooseConsent } from './choose-consent.ts';
import type { Subcommand } from './subcommand.ts';

export const offair: Subcommand = {
  run: async (interaction, { consent }) => await chooseConsent(interaction, consent, 'off air'),
};
