/** Which key packages a DAVE voice server takes: signed by the user whose id they carry, and good for ever. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import {
  cipherSuite,
  hasIdentity,
  labelled,
  protocolVersion,
  readKeyPackage,
  type KeyPackage,
} from './mls-messages.ts';

const forever = 0xffff_ffff_ffff_ffffn;

/**
 * Reads op 26.
 * @param identity the credential that it must carry: the user's id in 8 bytes
 * @throws RangeError for bytes that are no key package, Error for one that must be refused
 */
export function readSoundKeyPackage(payload: Buffer, identity: Buffer): KeyPackage {
  const keyPackage = readKeyPackage(payload);
  const fault = faultOf(keyPackage, identity);
  if (fault !== undefined) throw new Error(`key package refused: ${fault}`);
  return keyPackage;
}

function faultOf(keyPackage: KeyPackage, identity: Buffer): string | undefined {
  const { leaf } = keyPackage;
  if (keyPackage.version !== protocolVersion) return `version ${keyPackage.version}`;
  if (keyPackage.cipherSuite !== cipherSuite) return `cipher suite ${keyPackage.cipherSuite}`;
  if (!hasIdentity(leaf, identity)) return "not the user's credential";
  if (leaf.lifetime?.notBefore !== 0n || leaf.lifetime.notAfter !== forever) return 'limited lifetime';
  if (!isSignedBy(leaf.signatureKey, 'LeafNodeTBS', leaf.signed, leaf.signature)) return 'leaf signature';
  if (!isSignedBy(leaf.signatureKey, 'KeyPackageTBS', keyPackage.signed, keyPackage.signature)) {
    return 'key package signature';
  }
  return undefined;
}

function isSignedBy(point: Buffer, label: string, content: Buffer, signature: Buffer): boolean {
  return verify('sha256', labelled(label, content), keyOf(point), signature);
}

function keyOf(point: Buffer): KeyObject {
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33, 65).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}
