/** The command line: `npx guildcast …`. */
import { parseArgs } from 'node:util';
import { AccountError, type AccountStore } from './accounts/account-store.ts';
import { addAccount, listAccounts, removeAccount } from './cli/account.ts';
import { listen } from './cli/listen.ts';
import { listenTarget } from './client/relay-address.ts';
import { ConfigError, readProcessConfig } from './config.ts';
import { openAccounts } from './open-accounts.ts';

const HELP = `Usage:
  guildcast listen URL-or-id [--seconds N] [--out DIR] [--key KEY] [--udp]
      Listens in the terminal: levels of each speaker; with --out, one Ogg Opus file a speaker.
      With --udp the audio comes over UDP, where that gets through.
      A bare id means the relay on this machine, or the one of PUBLIC_URL.
  guildcast account add [NAME]
  guildcast account remove CLIENT_ID
  guildcast account list
      Who may host podcasts on this relay.
  guildcast start
      The same as npm start.
`;

/** What was typed makes no sense; the message says what would. */
class UsageError extends Error {}

process.exitCode = await run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) return complain(`${error.message}\n\n${HELP}`, 2);
  if (error instanceof ConfigError || error instanceof AccountError) return complain(error.message, 1);
  throw error;
});

async function run([command, ...rest]: string[]): Promise<number> {
  switch (command) {
    case 'listen':
      return runListen(rest);
    case 'account':
      return runAccount(rest);
    case 'start':
      await import('./main.ts');
      return 0;
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return 0;
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}

async function runListen(args: string[]): Promise<number> {
  const { values, positionals } = parsed(args);
  const [where] = positionals;
  if (where === undefined) throw new UsageError('Say which podcast: its id or its link.');
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0)) throw new UsageError('--seconds takes a number above 0.');
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  return listen({
    target: targetOf(where, values.key),
    seconds,
    outFolder: values.out,
    audio: values.udp ? 'udp' : 'websocket',
    out: process.stdout,
    signal: abort.signal,
  });
}

function targetOf(where: string, key: string | undefined): ReturnType<typeof listenTarget> {
  const { publicUrl, port } = readProcessConfig();
  try {
    const target = listenTarget(where, publicUrl ?? `http://127.0.0.1:${port}`);
    return key === undefined ? target : { ...target, listenKey: key };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function runAccount([action, name = '', ...rest]: string[]): Promise<number> {
  if (rest.length > 0) throw new UsageError('An account takes one name; put it in quotes.');
  const act = accountAction(action, name);
  const { dataDir } = readProcessConfig();
  const accounts = openAccounts(dataDir);
  try {
    const lines = await act(accounts);
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  } finally {
    accounts.close();
  }
}

function accountAction(
  action: string | undefined,
  name: string,
): (accounts: AccountStore) => Promise<string[]> {
  if (action === 'add') return (accounts) => addAccount(accounts, name);
  if (action === 'list') return listAccounts;
  if (action !== 'remove') throw new UsageError('An account can be added, removed or listed.');
  if (!name) throw new UsageError('Say which account to remove: its client_id.');
  return (accounts) => removeAccount(accounts, name);
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        seconds: { type: 'string' },
        out: { type: 'string' },
        key: { type: 'string' },
        udp: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function complain(message: string, status: number): number {
  process.stderr.write(`${message}\n`);
  return status;
}
