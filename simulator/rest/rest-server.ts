/** The REST API's front door: reads requests, checks who asks, finds the route and remembers what was asked. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { asText, parseJson, type Json, type JsonObject } from '../json.ts';
import { isRefusal, RestTrouble } from './rest-trouble.ts';
import type { UploadedFile } from '../messages.ts';

const basePath = /^\/api\/v10/u;
/** How many requests are remembered. */
const rememberedLimit = 1000;

export interface RestRequest {
  readonly method: string;
  /** Below `/api/v10`, decoded. */
  readonly path: string;
  /** What the route's pattern captured. */
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly files: readonly UploadedFile[];
}

export interface RestAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  /** Whether the token in the path is authorization enough. */
  readonly isOpen?: true;
  handle(request: RestRequest): RestAnswer;
}

/** A request as it is remembered. */
export interface RestRecord {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly status: number;
}

/** A failure as Discord's API tells it. @param errors which fields of the body are at fault */
export function failure(status: number, code: number, message: string, errors?: JsonObject): RestAnswer {
  return { status, body: { code, message, ...(errors ? { errors } : {}) } };
}

const noSuchRoute = failure(404, 0, '404: Not Found');
export const noContent: RestAnswer = { status: 204 };
export const missingPermissions = failure(403, 50_013, 'Missing Permissions');
export const unknownChannel = failure(404, 10_003, 'Unknown Channel');
export const unknownMessage = failure(404, 10_008, 'Unknown Message');
export const unknownGuild = failure(404, 10_004, 'Unknown Guild');

export class RestServer {
  readonly http: Server = createServer((request, response) => void this.#serve(request, response));
  /** What is wrong with this API at the moment. */
  readonly trouble = new RestTrouble();
  readonly #authorization: string;
  readonly #routes: RestRoute[] = [];
  readonly #requests: RestRecord[] = [];
  readonly #unknown: RestRecord[] = [];

  constructor(botToken: string) {
    this.#authorization = `Bot ${botToken}`;
  }

  /** The latest requests, oldest first. */
  get requests(): readonly RestRecord[] {
    return this.#requests;
  }

  /** The latest requests that no route answers. */
  get unknownRequests(): readonly RestRecord[] {
    return this.#unknown;
  }

  add(routes: readonly RestRoute[]): void {
    this.#routes.push(...routes);
  }

  async close(): Promise<void> {
    this.http.close();
    this.http.closeAllConnections();
    await once(this.http, 'close');
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    let request: RestRequest;
    try {
      request = await readRequest(message);
    } catch {
      respond(response, failure(400, 50_109, 'The request body contains invalid JSON.'));
      return;
    }
    const outcome = await this.trouble.befall(request);
    const answer = isRefusal(outcome)
      ? outcome
      : { headers: outcome, ...this.#answer(request, message.headers.authorization) };
    const { method, path, body } = request;
    const record = { method, path, body, status: answer.status };
    remember(this.#requests, record);
    if (answer.body === noSuchRoute.body) remember(this.#unknown, record);
    respond(response, answer);
  }

  #answer(request: RestRequest, authorization: string | undefined): RestAnswer {
    for (const route of this.#routes) {
      const match = route.method === request.method ? route.path.exec(request.path) : null;
      if (!match) continue;
      if (!route.isOpen && authorization !== this.#authorization) return failure(401, 0, '401: Unauthorized');
      return route.handle({ ...request, params: match.slice(1) });
    }
    return noSuchRoute;
  }
}

function remember(records: RestRecord[], record: RestRecord): void {
  records.push(record);
  if (records.length > rememberedLimit) records.shift();
}

async function readRequest(message: IncomingMessage): Promise<RestRequest> {
  const { pathname, searchParams } = new URL(message.url ?? '/', 'http://discord.invalid');
  const chunks: Buffer[] = [];
  for await (const chunk of message) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const content = await readBody(Buffer.concat(chunks), message.headers['content-type'] ?? '');
  return {
    method: message.method ?? 'GET',
    path: decodeURIComponent(pathname).replace(basePath, ''),
    params: [],
    query: searchParams,
    ...content,
  };
}

async function readBody(raw: Buffer, type: string): Promise<{ body: Json; files: UploadedFile[] }> {
  if (type.startsWith('multipart/form-data')) return await readForm(raw, type);
  return { body: raw.length > 0 ? parseJson(raw.toString()) : {}, files: [] };
}

async function readForm(raw: Buffer, type: string): Promise<{ body: Json; files: UploadedFile[] }> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData();
  let body: Json = {};
  const files: UploadedFile[] = [];
  for (const [name, part] of form) {
    if (name === 'payload_json') body = parseJson(typeof part === 'string' ? part : await part.text());
    else if (typeof part !== 'string') {
      files.push({ name: part.name, contentType: part.type, data: Buffer.from(await part.arrayBuffer()) });
    }
  }
  return { body, files };
}

function respond(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  const hasBody = body !== undefined && status !== 204;
  response.writeHead(status, {
    ...headers,
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
  });
  response.end(hasBody ? JSON.stringify(body) : undefined);
}

/** The text behind a query parameter, or undefined. */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = asText(query.get(name));
  return text === undefined ? undefined : Number(text);
}
