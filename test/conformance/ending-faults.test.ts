import { describe } from 'vitest';
import { testEachFault } from '../support/planted-fault.ts';
import { REFUSAL_FAULTS } from '../support/refusal-faults.ts';
import { RESUME_FAULTS } from '../support/resume-faults.ts';

describe('a fault', () => testEachFault([...REFUSAL_FAULTS, ...RESUME_FAULTS]));
