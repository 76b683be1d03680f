/** What a WebSocket delivers, as one buffer. */
import type { RawData } from 'ws';

export function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
