import { describe } from 'vitest';
import { testEachFault } from '../support/planted-fault.ts';
import { REFUSAL_FAULTS } from '../support/refusal-faults.ts';
import { RESUME_FAULTS } from '../support/resume-faults.ts';
import { SOCKET_FAULTS } from '../support/socket-faults.ts';

describe('a fault', () => {
  testEachFault(
    [...SOCKET_FAULTS, ...REFUSAL_FAULTS, ...RESUME_FAULTS],
    ['1 Accounts', '3 Audio', '3 Nonces', '3 Resume', '5 Close codes'],
  );
});
