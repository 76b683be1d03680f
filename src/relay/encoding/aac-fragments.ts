/** Writes AAC as fragments of MP4 (ISO/IEC 14496-12, ISO/IEC 23000-19): what comes first of all, and one segment after the other. */
import { AAC_BITS_PER_SECOND, AAC_PACKET_SAMPLES, AAC_SILENCE } from './aac-codec.ts';

const TIMESCALE = 48_000;
const CHANNELS = 2;
const TRACK = 1;
/** The unity matrix of §6.2.2. */
const MATRIX = u32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000);
/** default-base-is-moof, default-sample-duration, default-sample-flags (§8.8.7). */
const TRACK_FRAGMENT_FLAGS = 0x02_00_28;
/** data-offset, sample-size (§8.8.8). */
const RUN_FLAGS = 0x2_01;
/** Each packet depends on no other: sample_depends_on = 2 (§8.8.3.1). */
const SAMPLE_FLAGS = 0x0200_0000;
/** styp and the headers of moof and mfhd are before it. */
const NUMBER_OFFSET = 28 + 8 + 12;
/** … the rest of mfhd, the header of traf, tfhd (whole) and the header of tfdt are before this. */
const START_OFFSET = NUMBER_OFFSET + 4 + 8 + 24 + 12;
/** … and the rest of tfdt and the header of trun before this. */
const COUNT_OFFSET = START_OFFSET + 8 + 12;
const UNDETERMINED_LANGUAGE = 0x55c4;

/** `ftyp ‖ moov`. @param config AudioSpecificConfig */
export function initSegment(config: Uint8Array): Uint8Array {
  const brands = Buffer.from('iso6\0\0\0\0iso6cmfcmp41', 'latin1');
  return Buffer.concat([box('ftyp', brands), box('moov', movieHeader(), track(config), trackDefaults())]);
}

/**
 * `styp ‖ moof ‖ mdat`.
 * @param number of the segment, from 1
 * @param startSamples where it begins, since the start of the stream
 * @param packets of AAC, 1024 samples each
 */
export function mediaSegment(
  number: number,
  startSamples: number,
  packets: readonly Uint8Array[],
): Uint8Array {
  const sizes = u32s(...packets.map(({ length }) => length));
  const fragment = (dataOffset: number): Buffer =>
    box(
      'moof',
      fullBox('mfhd', 0, 0, u32s(number)),
      box(
        'traf',
        fullBox('tfhd', 0, TRACK_FRAGMENT_FLAGS, u32s(TRACK, AAC_PACKET_SAMPLES, SAMPLE_FLAGS)),
        fullBox('tfdt', 1, 0, u64(startSamples)),
        fullBox('trun', 0, RUN_FLAGS, u32s(packets.length, dataOffset), sizes),
      ),
    );
  const type = box('styp', Buffer.from('msdh\0\0\0\0msdhmsixcmfs', 'latin1'));
  const headerBytes = fragment(0).length + 8;
  return Buffer.concat([type, fragment(headerBytes), box('mdat', ...packets)]);
}

/** Where a segment of `mediaSegment` begins, in samples since the start of its stream. */
export function startOfSegment(bytes: Uint8Array): number {
  return Number(viewOf(bytes).getBigUint64(START_OFFSET));
}

/** What a segment of `mediaSegment` was made of, but for its packets' bytes. */
export interface SegmentPlace {
  readonly number: number;
  readonly startSamples: number;
  readonly packets: number;
}

export function placeOfSegment(bytes: Uint8Array): SegmentPlace {
  const view = viewOf(bytes);
  const [number, packets] = [view.getUint32(NUMBER_OFFSET), view.getUint32(COUNT_OFFSET)];
  return { number, startSamples: startOfSegment(bytes), packets };
}

/** A segment for that place, in which each packet is silence. */
export function silentSegment({ number, startSamples, packets }: SegmentPlace): Uint8Array {
  return mediaSegment(number, startSamples, Array<Uint8Array>(packets).fill(AAC_SILENCE));
}

function movieHeader(): Buffer {
  const times = u32s(0, 0, TIMESCALE, 0);
  const rateAndVolume = u32s(0x10000, 0x0100_0000, 0, 0);
  return fullBox('mvhd', 0, 0, times, rateAndVolume, MATRIX, Buffer.alloc(24), u32s(TRACK + 1));
}

function track(config: Uint8Array): Buffer {
  const enabledInMovie = 0x3;
  const layerToVolume = u32s(0, 0, 0, 0x0100_0000);
  const header = fullBox(
    'tkhd',
    0,
    enabledInMovie,
    u32s(0, 0, TRACK, 0, 0),
    layerToVolume,
    MATRIX,
    u32s(0, 0),
  );
  const language = u32s(UNDETERMINED_LANGUAGE << 16);
  const handler = Buffer.from('\0\0\0\0soun\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1');
  return box(
    'trak',
    header,
    box(
      'mdia',
      fullBox('mdhd', 0, 0, u32s(0, 0, TIMESCALE, 0), language),
      fullBox('hdlr', 0, 0, handler),
      box('minf', fullBox('smhd', 0, 0, u32s(0)), dataIsHere(), sampleTable(config)),
    ),
  );
}

function dataIsHere(): Buffer {
  return box('dinf', fullBox('dref', 0, 0, u32s(1), fullBox('url ', 0, 1)));
}

/** There are no samples but those of the fragments. */
function sampleTable(config: Uint8Array): Buffer {
  return box(
    'stbl',
    fullBox('stsd', 0, 0, u32s(1), sampleEntry(config)),
    fullBox('stts', 0, 0, u32s(0)),
    fullBox('stsc', 0, 0, u32s(0)),
    fullBox('stsz', 0, 0, u32s(0, 0)),
    fullBox('stco', 0, 0, u32s(0)),
  );
}

/** §12.2.3, ISO/IEC 14496-14 §6.7. */
function sampleEntry(config: Uint8Array): Buffer {
  const bitsPerSample = 16;
  const dataReference = u32s(0, 1);
  const format = u32s(0, 0, (CHANNELS << 16) | bitsPerSample, 0, (TIMESCALE << 16) >>> 0);
  return box('mp4a', dataReference, format, fullBox('esds', 0, 0, elementaryStream(config)));
}

/** ISO/IEC 14496-1 §7.2.6: object type 0x40 is MPEG-4 audio, stream type 0x15 is audio. */
function elementaryStream(config: Uint8Array): Buffer {
  const rates = u32s(AAC_BITS_PER_SECOND, AAC_BITS_PER_SECOND);
  const decoder = descriptor(4, Buffer.of(0x40, 0x15, 0, 0, 0), rates, descriptor(5, config));
  return descriptor(3, Buffer.of(0, TRACK, 0), decoder, descriptor(6, Buffer.of(2)));
}

function trackDefaults(): Buffer {
  return box('mvex', fullBox('trex', 0, 0, u32s(TRACK, 1, AAC_PACKET_SAMPLES, 0, SAMPLE_FLAGS)));
}

/** Of less than 128 bytes. */
function descriptor(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, body.length), body]);
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(parts.reduce((bytes, part) => bytes + part.length, header.length));
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...parts]);
}

function fullBox(type: string, version: number, flags: number, ...parts: readonly Uint8Array[]): Buffer {
  return box(type, u32s(((version << 24) | flags) >>> 0), ...parts);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function u32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
