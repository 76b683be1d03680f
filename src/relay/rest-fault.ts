/** Answers every REST error as `{"error", "message"}` out of one table (protocol.md §2). */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { AccountsBusyError } from '../accounts/account-store.ts';
import { CLOSE, ContractError } from '../protocol/close-codes.ts';
import { REST_ERRORS, type RestErrorCode } from '../protocol/rest.ts';
import type { Counters } from './counters.ts';

/** A call is answered with this row of the table, and with a sentence of its own if there is more to say. */
export class RestFault extends Error {
  override readonly name = 'RestFault';
  readonly code: RestErrorCode;

  constructor(code: RestErrorCode, message: string = REST_ERRORS[code].sentence) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return REST_ERRORS[this.code].status;
  }
}

export class RestFaults {
  readonly #counters: Counters;
  readonly #log: Pick<Logger, 'error'>;

  constructor(counters: Counters, log: Pick<Logger, 'error'>) {
    this.#counters = counters;
    this.#log = log;
  }

  /** Answers a call with the row that fits whatever was thrown in it. No cache keeps it: what is not there now may be in a moment. */
  readonly answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { code, message, status } = this.note(error, request);
    return reply.code(status).header('cache-control', 'no-store').send({ error: code, message });
  };

  /** Counts, and logs if it is our own, whatever was thrown in a call that is answered in another way. */
  note(error: unknown, { method, routeOptions }: FastifyRequest): RestFault {
    const fault = faultOf(error);
    if (fault.code === 'internal') {
      this.#log.error({ err: error, method, route: routeOptions.url }, 'a REST call failed');
    }
    this.#counters.add(`rest-${fault.code}`);
    return fault;
  }

  /** Answers on a socket where there is no reply object: what is not HTTP, or not an upgrade of ours. */
  answerRaw(socket: Duplex, code: RestErrorCode): void {
    this.#counters.add(`rest-${code}`);
    const { status, sentence } = REST_ERRORS[code];
    const body = JSON.stringify({ error: code, message: sentence });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'Connection: close',
    ];
    // Who never reads the answer does not keep the socket.
    socket.on('error', () => socket.destroy());
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  }
}

function faultOf(error: unknown): RestFault {
  if (error instanceof RestFault) return error;
  if (error instanceof AccountsBusyError) return new RestFault('capacity', error.message);
  if (error instanceof ContractError && error.close === CLOSE.capacity) {
    return new RestFault('capacity', error.message);
  }
  const { statusCode, validationContext, message } = error as Partial<FastifyError>;
  if (validationContext === 'body') return new RestFault('invalid_body', `${message}.`);
  if (statusCode === REST_ERRORS.body_too_large.status) return new RestFault('body_too_large');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new RestFault('invalid_request');
  return new RestFault('internal');
}
