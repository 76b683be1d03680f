import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    include: ['test/**/*.test.ts'],
    // A join over TLS, gateway and MLS takes some 100 ms alone, and seconds on two busy cores.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for comes in its time; whether that is the time it should take is asked elsewhere.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', new SummaryReporter()],
  },
});
