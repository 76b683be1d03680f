/** How the bytes that a group of listeners gets are made of pages. */
import type { EncodedPage } from '../encoding/encoder.ts';
import type { Batch, LossRepair } from '../listener-queue.ts';

export type Page = Pick<EncodedPage, 'bytes' | 'isHeader'>;

/** The methods are called in the order in which the bytes go out. */
export interface PageStream extends Pick<LossRepair, 'repair'> {
  /** What all get next. */
  next(page: Page): Batch;
  /** What one who joins now gets before that. */
  opening(pages: readonly Page[]): readonly Batch[];
}

/** Pages as they are. Headers, which may come again in the middle, are never lost. */
export const PLAIN_PAGES: PageStream = {
  next: plainBatch,
  opening: (pages) => pages.map(plainBatch),
  repair: (lost) => lost.filter(({ packets }) => packets === 0),
};

function plainBatch({ bytes, isHeader }: Page): Batch {
  return { bytes, packets: isHeader ? 0 : 1 };
}
