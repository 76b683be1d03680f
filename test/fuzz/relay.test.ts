import { test } from 'vitest';
import { fuzzRelay } from './relay.fuzz.ts';

/** `npm run fuzz` throws a million. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 50_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);

test(
  `${INPUTS} hostile datagrams and messages leave no trace in a podcast beside them, nor in the relay`,
  async () => {
    await fuzzRelay(INPUTS, SEED);
  },
  20 * INPUTS,
);
