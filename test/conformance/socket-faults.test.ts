import { describe } from 'vitest';
import { testEachFault } from '../support/planted-fault.ts';
import { SOCKET_FAULTS } from '../support/socket-faults.ts';

describe('a fault', () => testEachFault(SOCKET_FAULTS));
