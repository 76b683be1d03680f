/** Writes an ID3v2.4 tag with a title, as long as it is wanted: players of MP3 skip it, wherever it stands. */
import { utf8Within } from './plain-words.ts';

//  id3.org, ID3v2.4.0 structure §3.1, §4, §4.2; sizes are synchsafe: 7 bits a byte
//  0      3          5       6          10      14        18      20     21
//  +------+----------+-------+----------+-------+---------+-------+------+-------+----------------+
//  | ID3  | 04 00    | flags | size u28 | TIT2  | size    | flags | 03:  | title | padding: zeros |
//  |      | version  |       | of all   |       | u28     | u16   | UTF-8|       |                |
//  |      |          |       | behind   |       |         |       |      |       |                |
const SIZE_OFFSET = 6;
const HEADER_BYTES = 10;
const FRAME_SIZE_OFFSET = 14;
const ENCODING_OFFSET = 20;
const TITLE_OFFSET = 21;
const UTF8 = 3;

/** The shortest tag there is. */
export const ID3_MIN_BYTES = TITLE_OFFSET;

/** @param bytes at least `ID3_MIN_BYTES`; as much of the title is in it as there is room for */
export function id3Tag(title: string, bytes: number): Uint8Array {
  const text = utf8Within(title, bytes - TITLE_OFFSET);
  const tag = Buffer.alloc(bytes);
  tag.write('ID3\x04', 'latin1');
  tag.writeUInt32BE(synchsafe(bytes - HEADER_BYTES), SIZE_OFFSET);
  tag.write('TIT2', HEADER_BYTES, 'latin1');
  tag.writeUInt32BE(synchsafe(TITLE_OFFSET - ENCODING_OFFSET + text.length), FRAME_SIZE_OFFSET);
  tag[ENCODING_OFFSET] = UTF8;
  tag.set(text, TITLE_OFFSET);
  return tag;
}

/** @param value below 2²¹ */
function synchsafe(value: number): number {
  return ((value & 0x1f_c000) << 2) | ((value & 0x3f80) << 1) | (value & 0x7f);
}
