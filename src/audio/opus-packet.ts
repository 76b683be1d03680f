/** What can be told of an Opus packet without decoding it: how long it lasts (RFC 6716 §3.1), and whether it is silence. */

const SAMPLE_RATE = 48_000;

/** Samples of one frame at 48 kHz for each of the 32 configurations, from the tables of RFC 6716 §3.1. */
function samplesPerFrame(config: number): number {
  if (config < 12) return [480, 960, 1920, 2880][config % 4]!; // SILK: 10, 20, 40, 60 ms
  if (config < 16) return [480, 960][config % 2]!; // hybrid: 10, 20 ms
  return [120, 240, 480, 960][config % 4]!; // CELT: 2.5, 5, 10, 20 ms
}

/** How many samples of 48 kHz a packet decodes to; 0 for an empty packet or one that says nonsense. */
export function opusSamples(packet: Uint8Array): number {
  const [toc, frameCountByte] = packet;
  if (toc === undefined) return 0;
  const code = toc & 0x03;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (frameCountByte ?? 0) & 0x3f;
  return frames * samplesPerFrame(toc >> 3);
}

/** The same in milliseconds. */
export function opusDurationMs(packet: Uint8Array): number {
  return (opusSamples(packet) * 1000) / SAMPLE_RATE;
}

/** Whether its sender has two channels (RFC 6716 §3.1); a decoder of one plays it all the same. */
export function isStereo(packet: Uint8Array): boolean {
  return ((packet[0] ?? 0) & 0x04) !== 0;
}

/** The frame of silence with which Discord's clients end their speech; it goes past end-to-end encryption in clear. */
export const SILENCE: Uint8Array = Uint8Array.of(0xf8, 0xff, 0xfe);

export function isSilence(packet: Uint8Array): boolean {
  return packet.length === SILENCE.length && SILENCE.every((byte, index) => packet[index] === byte);
}
