/** `/podcast onair`: lets the caller be heard in the broadcasts of this server. */
import { chooseConsent } from './choose-consent.ts';
import type { Subcommand } from './subcommand.ts';

export const onair: Subcommand = {
  run: async (interaction, { consent }) => await chooseConsent(interaction, consent, 'on air'),
};
