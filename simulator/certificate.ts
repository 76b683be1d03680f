/** A TLS certificate for loopback, made at start and kept in memory only. */
import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM; signed by itself, so it is also the authority that a client must trust. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Makes a P-256 certificate for 127.0.0.1 and localhost, valid for a year. */
export async function makeCertificate(): Promise<Certificate> {
  // A name of its own: of two trusted certificates with the same name, OpenSSL finds only the first.
  const made = await generate([{ name: 'commonName', value: `Simulated Discord ${randomUUID()}` }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { certificate: made.cert, privateKey: made.private };
}

/** Adds an authority (PEM) to those that this process trusts by default, once. */
export function trustAuthority(authority: string): void {
  const trusted = tls.getCACertificates('default');
  if (!trusted.includes(authority)) tls.setDefaultCACertificates([...trusted, authority]);
}
