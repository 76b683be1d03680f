/** The program: `npm start`. Reads the settings, starts the parts, waits for a signal. */
import type { Logger } from 'pino';
import { type Config, readProcessConfig } from './config.ts';
import { type Demonstration, startDemonstration } from './demonstration.ts';
import { LiveLine } from './live-line.ts';
import { makeLog } from './log.ts';
import { type Program, startProgram } from './program.ts';

/** However stuck a peer is, a stop takes no longer than this. */
const STOP_MS = 1900;
const SAME_PRESS_MS = 500;

let isStopping = false;

await main().catch((error: unknown) => {
  // What fails because everything is being taken down is no failure.
  if (isStopping) return;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
});

async function main(): Promise<void> {
  const config = readProcessConfig();
  const terminal = new LiveLine(process.stdout);
  const log = makeLog(config, (lines) => terminal.write(lines));
  let demonstration: Demonstration | undefined;
  if (config.discordToken === undefined) demonstration = await startDemonstration(terminal);
  const discord = demonstration ?? { token: config.discordToken ?? '', api: config.discordApi };
  const program = await startProgram(config, discord, log);
  stopOnSignal(async () => {
    terminal.set('');
    demonstration?.stop();
    await program.stop();
    await demonstration?.close();
  });
  if (demonstration) await demonstration.begin(program);
  else announce(program, config, log);
}

function announce({ bot, relay }: Program, { publicUrl, publicIp }: Config, log: Logger): void {
  log.info({ invite: bot.inviteUrl }, 'add the bot to a server with this link');
  if (publicUrl !== undefined || publicIp !== undefined) return;
  log.warn(
    { url: relay.url },
    'PUBLIC_URL is not set: links to listen name this address, which nobody reaches from elsewhere',
  );
}

function stopOnSignal(stop: () => Promise<void>): void {
  let firstMs = 0;
  const onSignal = (): void => {
    // npm passes on what the terminal has sent to us already: one key press, two signals.
    if (isStopping && Date.now() - firstMs < SAME_PRESS_MS) return;
    if (isStopping) process.exit(0);
    firstMs = Date.now();
    isStopping = true;
    setTimeout(() => process.exit(0), STOP_MS).unref();
    void stop().finally(() => process.exit(0));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
