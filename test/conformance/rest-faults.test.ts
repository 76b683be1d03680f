import { describe } from 'vitest';
import { ACCOUNT_FAULTS } from '../support/account-faults.ts';
import { testEachFault } from '../support/planted-fault.ts';
import { REST_FAULTS } from '../support/rest-faults.ts';

describe('a fault', () => testEachFault([...ACCOUNT_FAULTS, ...REST_FAULTS]));
