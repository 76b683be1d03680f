import { describe } from 'vitest';
import { EVENTS_FAULTS } from '../support/events-faults.ts';
import { testEachFault } from '../support/planted-fault.ts';

describe('a fault', () => testEachFault(EVENTS_FAULTS, ['1 Accounts', '4 Events', '4 UDP', '5 Close codes']));
