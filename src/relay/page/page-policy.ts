/** What a browser may do with a page of ours, and who may keep it. */
import type { FastifyReply } from 'fastify';

/** A host name or address with a port, as a browser writes it: what else may be in a header must not get into a policy. */
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Everything of the same origin, nothing inline, nothing of others (CSP Level 3). Sockets are named besides: Safari before
 * 15.4 does not take `'self'` for them.
 * @param hosts under which the page may have been asked for
 */
export function contentSecurityPolicy(hosts: readonly (string | undefined)[]): string {
  const named = hosts.filter((host) => host !== undefined && HOST.test(host));
  const sockets = [...new Set(named)].flatMap((host) => [`ws://${host}`, `wss://${host}`]);
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    ["connect-src 'self'", ...sockets].join(' '),
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** `public`: whoever likes may keep it, if they ask each time. `unlisted`: the same, but nobody is to find it. `secret`: nobody keeps it. */
export type Discretion = 'public' | 'unlisted' | 'secret';

export function markDiscretion(reply: FastifyReply, discretion: Discretion): void {
  reply.header('cache-control', discretion === 'secret' ? 'private, no-store' : 'no-cache');
  if (discretion !== 'public') reply.header('x-robots-tag', 'noindex, nofollow');
}
