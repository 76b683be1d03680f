/** Every run tries the same properties on the same inputs, so that a green suite stays green; `npm run fuzz` draws new ones. */
import fc from 'fast-check';

if (process.env['FUZZ_INPUTS'] === undefined) fc.configureGlobal({ seed: 20_260_101 });
