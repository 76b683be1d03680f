/** Knows the files of the page that `web/build.ts` has made, and serves them. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RestFault } from '../rest-fault.ts';

const BUILT = resolve(import.meta.dirname, '../../../web/dist');
const YEAR_MS = 365 * 24 * 3_600_000;

const HASHED = /-[A-Z0-9]{8}\./;
const COMPRESSED = /\.(?:br|gz)$/;

/** Entries without which there is no page. */
const ENTRIES = [
  'page.css',
  'page.js',
  'live.js',
  'receiver.js',
  'player.js',
  'icon.svg',
  'touch-icon.png',
  'card.png',
] as const;
export type PageEntry = (typeof ENTRIES)[number];

export interface PageAssets {
  readonly folder: string;
  /** Every file that may be asked for. */
  readonly files: ReadonlySet<string>;
  /** The file that an entry became; its name changes with what is in it. */
  readonly fileOf: Readonly<Record<PageEntry, string>>;
}

/** @param folder what `web/build.ts` wrote @returns undefined where it has not, or not all of it */
export function readPageAssets(folder = BUILT): PageAssets | undefined {
  const names = assetNames(folder);
  const files = ENTRIES.map((entry) => [entry, names[entry]] as const);
  if (files.some(([, file]) => file === undefined)) return undefined;
  return {
    folder,
    files: new Set(readdirSync(folder).filter((file) => HASHED.test(file) && !COMPRESSED.test(file))),
    fileOf: Object.fromEntries(files) as Record<PageEntry, string>,
  };
}

function assetNames(folder: string): Readonly<Partial<Record<string, string>>> {
  try {
    return JSON.parse(readFileSync(join(folder, 'assets.json'), 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}

/**
 * Serves `/assets/NAME-HASH.EXT`, for ever the same, compressed as the client takes it.
 * @param contentSecurityPolicy of each: a worker is held to that of its own file
 */
export async function addPageAssets(
  app: FastifyInstance,
  { folder, files }: PageAssets,
  contentSecurityPolicy: (host: string | undefined) => string,
): Promise<void> {
  await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true });
  app.get<{ Params: { file: string } }>(
    '/assets/:file',
    // A page asks for several at once, and many people may share an address.
    { config: { rateLimit: false } },
    async (request, reply) => {
      const { file } = request.params;
      if (!files.has(file)) throw new RestFault('unknown_path');
      reply.header('content-security-policy', contentSecurityPolicy(request.headers.host));
      return reply.sendFile(file, { maxAge: YEAR_MS, immutable: true });
    },
  );
}
