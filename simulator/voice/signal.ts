/** A message of the voice gateway to a client: JSON for most opcodes, bytes for the MLS ones. */
import type { Json } from '../json.ts';

export type VoiceSignal =
  | { readonly op: number; readonly data: Json }
  | { readonly op: number; readonly payload: Buffer };
