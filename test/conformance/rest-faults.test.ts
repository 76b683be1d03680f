import { describe } from 'vitest';
import { testEachFault } from '../support/planted-fault.ts';
import { ACCOUNT_FAULTS } from '../support/account-faults.ts';
import { REST_FAULTS } from '../support/rest-faults.ts';

describe('a fault', () =>
  testEachFault([...ACCOUNT_FAULTS, ...REST_FAULTS], ['1 Accounts', '2 REST', '5 Close codes', '6 Limits']));
