/** The suite tries its properties on the same inputs in every run, so that a green one stays green; `npm run properties` draws new ones. */
import fc from 'fast-check';

if (process.env['RANDOM_PROPERTIES'] === undefined) fc.configureGlobal({ seed: 20_260_101 });
