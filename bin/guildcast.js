#!/usr/bin/env node
// Starts the command line on the Node that the project brings, so that the machine's own may be older.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const OWN_NODE = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR || !existsSync(OWN_NODE)) {
  await import('../src/cli.ts');
} else {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
  const child = spawn(OWN_NODE, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child decides when it is done.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (status) => process.exit(status ?? 1));
}
