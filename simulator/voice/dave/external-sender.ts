/** The voice server's own MLS identity: it proposes who is added and removed, and members commit (RFC 9420 §12.1.8). */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { uint16, uint32, uint64, vector } from './mls-codec.ts';
import { labelled, proposalRef, protocolVersion, type KeyPackage } from './mls-messages.ts';

const publicMessage = 1;
const basicCredential = 1;
const externalSender = 2;
const proposalContent = 2;
const addProposal = 1;
const removeProposal = 3;

export interface SignedProposal {
  /** An MLSMessage, as op 27 carries it. */
  readonly message: Buffer;
  /** How a commit names it. */
  readonly ref: Buffer;
}

/** Signs proposals for one group. */
export class ExternalSender {
  readonly #groupId: Buffer;
  readonly #privateKey: KeyObject;
  /** Op 25: the public key and the credential that members check proposals against. */
  readonly package: Buffer;

  /** @param groupId under DAVE the channel's id in 8 bytes */
  constructor(groupId: Buffer) {
    this.#groupId = groupId;
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = pair.privateKey;
    const credential = [uint16(basicCredential), vector(Buffer.from('simulated voice server'))];
    this.package = Buffer.concat([vector(pointOf(pair.publicKey)), ...credential]);
  }

  /** Proposes to add the owner of this key package. */
  add(epoch: bigint, keyPackage: KeyPackage): SignedProposal {
    return this.#propose(epoch, Buffer.concat([uint16(addProposal), keyPackage.bytes]));
  }

  /** Proposes to remove the member at this leaf. */
  remove(epoch: bigint, leaf: number): SignedProposal {
    return this.#propose(epoch, Buffer.concat([uint16(removeProposal), uint32(leaf)]));
  }

  #propose(epoch: bigint, proposal: Buffer): SignedProposal {
    const senderIndex = uint32(0);
    const authenticatedData = vector();
    const content = Buffer.concat([
      vector(this.#groupId),
      uint64(epoch),
      Buffer.of(externalSender),
      senderIndex,
      authenticatedData,
      Buffer.of(proposalContent),
      proposal,
    ]);
    const framed = Buffer.concat([uint16(publicMessage), content]);
    const versioned = Buffer.concat([uint16(protocolVersion), framed]);
    const signature = vector(sign('sha256', labelled('FramedContentTBS', versioned), this.#privateKey));
    return {
      message: Buffer.concat([versioned, signature]),
      ref: proposalRef(Buffer.concat([framed, signature])),
    };
  }
}

/** An uncompressed point: 04, x, y. */
function pointOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
