/** What one message of a relay means to its client, in either way of writing it (protocol.md §3, §4). */
import { type PacketEvent, type RetractEvent, readEvent } from '../protocol/events.ts';
import { type JsonEvent, type JsonHello, readJsonEvent } from '../protocol/json-events.ts';
import { type Packet, readPacket } from '../protocol/packet.ts';

export type PacketHello = Extract<PacketEvent, { type: 'hello' }>;
export type AudioPacket = Extract<Packet, { kind: 'audio' }>;

export type RelayMessage<Hello> =
  | { readonly kind: 'hello'; readonly hello: Hello }
  /** Its arrays are views into the message. */
  | { readonly kind: 'audio'; readonly packet: AudioPacket }
  /** Why the relay is about to close. */
  | { readonly kind: 'farewell'; readonly code: number; readonly reason: string }
  | { readonly kind: 'event'; readonly event: JsonEvent | RetractEvent };

/** Events and audio as binary messages. Undefined for what a later version may know. @throws ContractError */
export function readPacketMessage(data: Buffer, isBinary: boolean): RelayMessage<PacketHello> | undefined {
  if (!isBinary) return undefined;
  const packet = readPacket(data);
  if (packet.kind === 'audio') return { kind: 'audio', packet };
  const event = readEvent(packet.json);
  if (event?.type === 'hello') return { kind: 'hello', hello: event };
  if (event?.type === 'retract') return { kind: 'event', event };
  // What only a host says.
  if (event?.type === 'speakers') return undefined;
  return event && { kind: 'farewell', code: event.code, reason: event.reason };
}

/** Events as JSON text, audio as binary messages. Undefined for what a later version may know. @throws ContractError */
export function readEventMessage(data: Buffer, isBinary: boolean): RelayMessage<JsonHello> | undefined {
  if (isBinary) {
    const packet = readPacket(data);
    return packet.kind === 'audio' ? { kind: 'audio', packet } : undefined;
  }
  const event = readJsonEvent(data.toString());
  if (event?.type === 'hello') return { kind: 'hello', hello: event };
  return event && { kind: 'event', event };
}
