/** The MLS messages that a DAVE voice server reads: key packages, commits and welcomes (RFC 9420 §7, §10, §12). */
import { createHash } from 'node:crypto';
import { MlsReader, uint16, vector } from './mls-codec.ts';

export const protocolVersion = 1;
/** MLS_128_DHKEMP256_AES128GCM_SHA256_P256. */
export const cipherSuite = 2;
const basicCredential = 1;
const publicMessage = 1;
const memberSender = 1;
const commitContent = 3;
const proposalByReference = 2;
const leafFromKeyPackage = 1;
const leafFromCommit = 3;

export interface LeafNode {
  /** The member's signature key, an uncompressed P-256 point of 65 bytes. */
  readonly signatureKey: Buffer;
  readonly credentialType: number;
  /** The credential: under DAVE the user's id in 8 bytes. */
  readonly identity: Buffer;
  readonly lifetime: { readonly notBefore: bigint; readonly notAfter: bigint } | undefined;
  readonly signature: Buffer;
  /** What the signature is over. */
  readonly signed: Buffer;
}

export interface KeyPackage {
  readonly version: number;
  readonly cipherSuite: number;
  readonly leaf: LeafNode;
  readonly signature: Buffer;
  /** What the signature is over. */
  readonly signed: Buffer;
  /** The whole package, as an Add proposal carries it. */
  readonly bytes: Buffer;
}

export interface Commit {
  readonly groupId: Buffer;
  /** The epoch that the commit ends. */
  readonly epoch: bigint;
  readonly senderLeaf: number;
  /** Which proposals it takes up. */
  readonly proposalRefs: readonly Buffer[];
  /** The whole message, as op 29 carries it. */
  readonly bytes: Buffer;
}

export interface Welcome {
  /** One entry for each new member: whose key package it answers, and the entry itself. */
  readonly secrets: readonly { readonly keyPackageRef: Buffer; readonly bytes: Buffer }[];
  readonly encryptedGroupInfo: Buffer;
}

/** Op 28: a commit and, when it adds members, their welcome. */
export interface CommitWelcome {
  readonly commit: Commit;
  readonly welcome: Welcome | undefined;
}

/**
 * Reads op 26: a bare KeyPackage.
 * @throws RangeError for anything else
 */
export function readKeyPackage(payload: Buffer): KeyPackage {
  const reader = new MlsReader(payload);
  const version = reader.uint16();
  const suite = reader.uint16();
  reader.vector(); // init key
  const leaf = readLeafNode(reader);
  reader.vector(); // extensions
  const signed = reader.since(0);
  const signature = reader.vector();
  return { version, cipherSuite: suite, leaf, signature, signed, bytes: reader.since(0) };
}

/**
 * Reads op 28.
 * @throws RangeError for anything else
 */
export function readCommitWelcome(payload: Buffer): CommitWelcome {
  const reader = new MlsReader(payload);
  expectWord(reader.uint16(), protocolVersion, 'MLS version');
  expectWord(reader.uint16(), publicMessage, 'wire format');
  const groupId = reader.vector();
  const epoch = reader.uint64();
  expectWord(reader.uint8(), memberSender, 'sender of a commit');
  const senderLeaf = reader.uint32();
  reader.vector(); // authenticated data
  expectWord(reader.uint8(), commitContent, 'content');
  const proposalRefs = readProposalRefs(reader.vector());
  if (reader.uint8() === 1) {
    readLeafNode(reader);
    reader.vector(); // update path
  }
  reader.vector(); // signature
  reader.vector(); // confirmation tag
  reader.vector(); // membership tag
  const commit = { groupId, epoch, senderLeaf, proposalRefs, bytes: reader.since(0) };
  return { commit, welcome: reader.left > 0 ? readWelcome(reader) : undefined };
}

/** The welcome with only the part that this key package's owner can open. */
export function welcomeFor(welcome: Welcome, keyPackage: KeyPackage): Buffer {
  const ref = keyPackageRef(keyPackage.bytes);
  const own = welcome.secrets
    .filter((secret) => secret.keyPackageRef.equals(ref))
    .map((secret) => secret.bytes);
  return Buffer.concat([uint16(cipherSuite), vector(...own), vector(welcome.encryptedGroupInfo)]);
}

/** RFC 9420 §5.2: how a welcome names the key package that it answers. */
function keyPackageRef(keyPackage: Buffer): Buffer {
  return refHash('MLS 1.0 KeyPackage Reference', keyPackage);
}

/** RFC 9420 §5.2: how a commit names a proposal; hashed is the proposal's AuthenticatedContent. */
export function proposalRef(authenticatedContent: Buffer): Buffer {
  return refHash('MLS 1.0 Proposal Reference', authenticatedContent);
}

/** Whether the leaf carries a basic credential with this identity. */
export function hasIdentity(leaf: LeafNode, identity: Buffer): boolean {
  return leaf.credentialType === basicCredential && leaf.identity.equals(identity);
}

/** RFC 9420 §5.1.2: what a signature is over: its label and the content. */
export function labelled(label: string, content: Buffer): Buffer {
  return Buffer.concat([vector(Buffer.from(`MLS 1.0 ${label}`)), vector(content)]);
}

function refHash(label: string, value: Buffer): Buffer {
  return createHash('sha256')
    .update(vector(Buffer.from(label)))
    .update(vector(value))
    .digest();
}

function readLeafNode(reader: MlsReader): LeafNode {
  const start = reader.position;
  reader.vector(); // encryption key
  const signatureKey = reader.vector();
  const credentialType = reader.uint16();
  const identity = reader.vector();
  // Capabilities: versions, cipher suites, extensions, proposals, credentials.
  for (let list = 0; list < 5; list += 1) reader.vector();
  const source = reader.uint8();
  const lifetime =
    source === leafFromKeyPackage ? { notBefore: reader.uint64(), notAfter: reader.uint64() } : undefined;
  if (source === leafFromCommit) reader.vector(); // parent hash
  reader.vector(); // extensions
  const signed = reader.since(start);
  return { signatureKey, credentialType, identity, lifetime, signed, signature: reader.vector() };
}

function readProposalRefs(list: Buffer): Buffer[] {
  const reader = new MlsReader(list);
  const refs: Buffer[] = [];
  while (reader.left > 0) {
    // DAVE lets only the server propose, so a commit refers to proposals and never brings its own.
    expectWord(reader.uint8(), proposalByReference, 'proposal in a commit');
    refs.push(reader.vector());
  }
  return refs;
}

function readWelcome(reader: MlsReader): Welcome {
  expectWord(reader.uint16(), cipherSuite, 'cipher suite');
  const list = new MlsReader(reader.vector());
  const secrets: { keyPackageRef: Buffer; bytes: Buffer }[] = [];
  while (list.left > 0) {
    const start = list.position;
    const ref = list.vector();
    list.vector(); // KEM output
    list.vector(); // ciphertext
    secrets.push({ keyPackageRef: ref, bytes: list.since(start) });
  }
  return { secrets, encryptedGroupInfo: reader.vector() };
}

function expectWord(read: number, expected: number, what: string): void {
  if (read !== expected) throw new RangeError(`${what} ${read}: ${expected} was expected`);
}
