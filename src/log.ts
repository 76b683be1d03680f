/** The log: for people or for machines, on the terminal's terms. */
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** Whatever a careless line may carry: no secret reaches the log. */
const SECRETS = ['token', 'secret', 'client_secret', 'key', 'secretKey', 'listen_key'];

/** @param write takes whole lines */
export function makeLog(
  { logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>,
  write: (lines: string) => void,
): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`]);
  const options = {
    level: logLevel,
    base: null,
    redact: { paths, censor: '[secret]' },
    serializers: { err: withoutRequest },
  };
  if (logFormat === 'json') return pino(options, { write });
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      write(chunk.toString());
      done();
    },
  });
  return pino(
    options,
    pretty({ destination, translateTime: 'SYS:HH:MM:ss', singleLine: true, colorize: false }),
  );
}

/** What is safe of an error: discord.js hangs the whole request on it, with interaction tokens and what was to be said. */
function withoutRequest(error: Error & Partial<Record<'code' | 'status' | 'method', unknown>>): object {
  const { name, message, code, status, method, stack } = error;
  return { name, message, code, status, method, stack };
}
