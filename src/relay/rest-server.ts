/** The HTTP server of a relay: what holds for every REST call, whichever it is. */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance } from 'fastify';
import type { Limits } from '../protocol/limits.ts';
import { type AccountVerifier, knownAccount } from './authentication.ts';
import { type ClientAddress, limitedAs } from './client-address.ts';
import { isTaken } from './radio/answer-socket.ts';
import { RestFault, type RestFaults } from './rest-fault.ts';

/** No address begins so. */
const ACCOUNT = 'account ';

const METHODS = ['GET', 'HEAD', 'POST', 'DELETE'];

export interface RestServerOptions {
  readonly limits: Limits;
  readonly faults: RestFaults;
  readonly clientAddress: ClientAddress;
  readonly accounts: Pick<AccountVerifier, 'remembers'>;
}

export async function makeRestServer({
  limits,
  faults,
  clientAddress,
  accounts,
}: RestServerOptions): Promise<FastifyInstance> {
  const handshakeMs = limits.HANDSHAKE_SECONDS * 1000;
  const app = fastify({
    bodyLimit: limits.REQUEST_BODY_BYTES,
    forceCloseConnections: true,
    http: {
      headersTimeout: handshakeMs,
      requestTimeout: handshakeMs,
      connectionsCheckingInterval: Math.min(handshakeMs, 1000),
      // Java's client offers HTTP/2 by an upgrade in every first request, and is content with an answer in HTTP/1.1.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    // Types are kept to the letter: the number 5 is no title.
    ajv: { customOptions: { coerceTypes: false } },
    frameworkErrors: (error, request, reply) => void faults.answer(error, request, reply),
    clientErrorHandler: (error, socket) => {
      if (!socket.writable || isTaken(socket)) return;
      faults.answerRaw(
        socket,
        error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'invalid_request',
      );
    },
  });
  app.setErrorHandler(faults.answer);
  takeJsonUnderAnyName(app);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Whoever offers this over TLS decides what that means for their domain, and for others below it.
    strictTransportSecurity: false,
  });
  await app.register(cors, { methods: METHODS });
  await app.register(rateLimit, {
    max: (_request, key) =>
      key.startsWith(ACCOUNT) ? limits.REST_REQUESTS_PER_ACCOUNT : limits.REST_REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    // Who has proved an account guesses at nothing, and must not suffer for others at its address.
    keyGenerator({ raw, headers }) {
      const account = knownAccount(accounts, headers);
      return account === undefined ? limitedAs(clientAddress(raw)) : `${ACCOUNT}${account}`;
    },
    errorResponseBuilder: () => new RestFault('rate_limited'),
  });
  answerUnknownPaths(app);
  return app;
}

function answerUnknownPaths(app: FastifyInstance): void {
  const patterns: { readonly url: string; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => void patterns.push({ url, methods: [method].flat() }));
  // Guessing at paths is limited like everything else.
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const [path = '/'] = request.url.split('?');
    const here = patterns.filter(({ url }) => leadsTo(url, path)).flatMap(({ methods }) => methods);
    const allowed = METHODS.filter((method) => here.includes(method));
    if (allowed.length === 0) throw new RestFault('unknown_path');
    reply.header('allow', allowed.join(', '));
    throw new RestFault('method_not_allowed');
  });
}

/** Whether a path is one of those that a pattern of Fastify stands for: `/p/:id`, `/assets/*`. */
function leadsTo(pattern: string, path: string): boolean {
  const [parts, given] = [pattern.split('/'), path.split('/')];
  if (parts.length !== given.length && !pattern.endsWith('*')) return false;
  return parts.every((part, index) => {
    const segment = given[index] ?? '';
    return part === '*' || part === segment || (part.startsWith(':') && segment !== '');
  });
}

/** A body is optional JSON. Clients of 2022 and 2023 send none, some under a name like x-www-form-urlencoded. */
function takeJsonUnderAnyName(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)));
    } catch {
      done(new RestFault('invalid_body', 'The body is not JSON.'));
    }
  });
  app.addHook('preValidation', (request, _reply, done) => {
    request.body ??= {};
    done();
  });
}
