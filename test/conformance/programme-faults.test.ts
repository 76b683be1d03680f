import { describe } from 'vitest';
import { PROGRAMME_FAULTS, RETRACT_FAULTS } from '../support/programme-faults.ts';
import { testEachFault } from '../support/planted-fault.ts';

/** A thread that makes programmes is to start first, and half a second of them to be heard. */
const PROGRAMME_CHECK_MS = 8000;

describe('a fault', () => {
  testEachFault(PROGRAMME_FAULTS, PROGRAMME_CHECK_MS);
  testEachFault(RETRACT_FAULTS);
});
