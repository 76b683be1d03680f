/** The command line: `npx guildcast …`. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { AccountError, type AccountStore } from './accounts/account-store.ts';
import { addAccount, listAccounts, removeAccount } from './cli/account.ts';
import { conformance, readAccount } from './cli/conformance.ts';
import { listen } from './cli/listen.ts';
import { listenTarget } from './client/relay-address.ts';
import { ConfigError, readProcessConfig } from './config.ts';
import { openAccounts } from './open-accounts.ts';

const HELP = `Usage:
  guildcast listen URL-or-id [--seconds N] [--out DIR] [--key KEY] [--udp] [--programme]
      Listens in the terminal: levels of each speaker; with --out, one Ogg Opus file a speaker.
      With --udp the audio comes over UDP, where that gets through. With --programme all speakers come mixed into
      one stream, each at the same loudness: one file of the whole show.
      A bare id means the relay on this machine, or the one of PUBLIC_URL.
  guildcast account add [NAME]
  guildcast account remove CLIENT_ID
  guildcast account list
      Who may host podcasts on this relay.
  guildcast conformance URL --id CLIENT_ID --secret SECRET [--stranger CLIENT_ID:SECRET]
      Holds any relay against PROTOCOL.md, from outside: what is demanded, and what came instead.
      Takes an account that hosts nothing else meanwhile; with a second one, what only a stranger can try.
  guildcast start
      The same as npm start.
`;

/** A timer holds no more than 24 days. */
const SECONDS_MAX = 2_000_000;

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
    case 'conformance':
      return runConformance(rest);
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
  const { values, positionals } = parsed(args, {
    seconds: { type: 'string' },
    out: { type: 'string' },
    key: { type: 'string' },
    udp: { type: 'boolean' },
    programme: { type: 'boolean' },
  });
  const [where] = positionals;
  if (where === undefined) throw new UsageError('Say which podcast: its id or its link.');
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= SECONDS_MAX)) {
    throw new UsageError(`--seconds takes a number above 0, up to ${SECONDS_MAX}.`);
  }
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  return listen({
    target: targetOf(where, values.key),
    seconds,
    outFolder: values.out,
    audio: values.udp ? 'udp' : 'websocket',
    stream: values.programme ? 'programme' : 'tracks',
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

async function runConformance(args: string[]): Promise<number> {
  const { values, positionals } = parsed(args, {
    id: { type: 'string' },
    secret: { type: 'string' },
    stranger: { type: 'string' },
  });
  const [where = ''] = positionals;
  const url = URL.parse(where);
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError('Say which relay: its http or https URL.');
  }
  const { id, secret } = values;
  if (!id || !secret) throw new UsageError('Hosting takes an account: --id and --secret.');
  const stranger = values.stranger === undefined ? undefined : readAccount(values.stranger);
  if (values.stranger !== undefined && !stranger) throw new UsageError('--stranger takes CLIENT_ID:SECRET.');
  return conformance({ url, account: { id, secret }, stranger, out: process.stdout });
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

function parsed<Options extends ParseArgsConfig['options']>(args: string[], options: Options) {
  try {
    return parseArgs({ args, allowPositionals: true, options });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function complain(message: string, status: number): number {
  process.stderr.write(`${message}\n`);
  return status;
}
