import { describe } from 'vitest';
import { EVENTS_FAULTS } from '../support/events-faults.ts';
import { FACTS_FAULTS } from '../support/facts-faults.ts';
import { testEachFault } from '../support/planted-fault.ts';
import { UDP_FAULTS } from '../support/udp-faults.ts';

describe('a fault', () => testEachFault([...EVENTS_FAULTS, ...UDP_FAULTS, ...FACTS_FAULTS]));
