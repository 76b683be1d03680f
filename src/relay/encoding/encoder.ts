/** What every encoder promises that turns a programme into something players take. It lives on a worker thread. */

/** What the programme is encoded as: MP3 and Ogg Opus for radios, fragments of MP4 with AAC for HLS. */
export const FORMATS = ['mp3', 'opus', 'aac'] as const;
export type Format = (typeof FORMATS)[number];

/** One piece of a stream, as it goes out; it can be played once the headers were. */
export interface EncodedPage {
  /** Headers come before all else, and have no samples. */
  readonly isHeader: boolean;
  /** Of 48 kHz, that begin in this page. */
  readonly samples: number;
  readonly bytes: Uint8Array;
}

/** 20 ms of a programme. */
export interface ProgrammeFrame {
  /** As the programme has it; undefined where it has nothing: then it is silence. */
  readonly opus: Uint8Array | undefined;
  /** 960 stereo samples of 48 kHz, interleaved; not kept. */
  readonly pcm: Float32Array;
}

/** One stream in one format. Pages are given in their order, at once or later. Nothing here throws for what is in a frame. */
export interface Encoder {
  /** Frames follow one another without a gap: whoever calls fills gaps with silence. */
  encode(frame: ProgrammeFrame): void;
  /** Of what has been encoded and not given yet nothing comes any more; silence takes its place, so that time goes on. */
  retract(): void;
  /** The stream is over: what has been encoded and not given yet is given as a last page, before this returns. */
  close(): void;
}

/**
 * @param give is called for each page, headers first
 * @returns undefined when what it needs is not loaded yet: it is asked again some ms later
 */
export type MakeEncoder = (give: (page: EncodedPage) => void, title: string) => Encoder | undefined;
