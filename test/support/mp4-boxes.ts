/** Reads boxes of MP4 (ISO/IEC 14496-12 §4.2). */

export interface Mp4Box {
  readonly type: string;
  /** Where it begins, header included, in what was read. */
  readonly start: number;
  /** Without its header. */
  readonly body: Buffer;
}

/** @throws Error when the boxes do not fill the bytes to the last */
export function boxesOf(bytes: Uint8Array): Mp4Box[] {
  const all = Buffer.from(bytes);
  const boxes: Mp4Box[] = [];
  for (let start = 0; start < all.length;) {
    const length = all.readUInt32BE(start);
    if (length < 8 || start + length > all.length) throw new Error(`a box of ${length} bytes at ${start}`);
    boxes.push({
      type: all.toString('latin1', start + 4, start + 8),
      start,
      body: all.subarray(start + 8, start + length),
    });
    start += length;
  }
  return boxes;
}

/** The first one along a path of types. @throws Error when there is none */
export function boxAt(bytes: Uint8Array, ...path: readonly string[]): Mp4Box {
  const [type, ...rest] = path;
  const found = boxesOf(bytes).find((box) => box.type === type);
  if (!found) throw new Error(`no ${type}`);
  return rest.length === 0 ? found : boxAt(found.body, ...rest);
}
