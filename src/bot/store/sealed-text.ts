/** Text that is kept on the disk, and that the disk alone does not give away: a listen key, for example. */
import { NONCE_BYTES } from '../../protocol/packet.ts';
import { open, seal } from '../../protocol/sealing.ts';

/** @param storageKey 32 bytes. @returns a random nonce of 24 bytes, then what it seals */
export function sealText(text: string, storageKey: Uint8Array): Uint8Array {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Buffer.concat([nonce, seal(Buffer.from(text), nonce, storageKey)]);
}

/** Undefined when it was sealed under another key. */
export function openText(sealed: Uint8Array, storageKey: Uint8Array): string | undefined {
  const opened = open(sealed.subarray(NONCE_BYTES), sealed.subarray(0, NONCE_BYTES), storageKey);
  return opened && Buffer.from(opened).toString();
}
