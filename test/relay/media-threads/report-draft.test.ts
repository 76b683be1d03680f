import { expect, test } from 'vitest';
import { ReportDraft } from '../../../src/relay/media-threads/report-draft.ts';

test('there is a report as soon as there is anything to tell, and only then', () => {
  const draft = new ReportDraft();
  const tellings = [
    () => draft.tookMessage(),
    () => draft.records.add(1, 0, Uint8Array.of(1)),
    () => draft.count('encoding-late'),
    () => draft.fail(new Error('broken')),
  ];
  expect(draft.take()).toBeUndefined();
  for (const tell of tellings) {
    tell();
    expect(draft.take()).toBeDefined();
    expect(draft.take()).toBeUndefined();
  }
});

test('a report tells all since the last one', () => {
  const draft = new ReportDraft();
  draft.tookMessage();
  draft.tookMessage();
  draft.count('encoding-late', 2);
  draft.count('encoding-late');
  draft.count('encoding-silence', 0);
  draft.records.add(1, 0, Uint8Array.of(1));
  const report = draft.take();
  expect(report).toMatchObject({ takenMessages: 2, counts: new Map([['encoding-late', 3]]) });
  expect(report?.records.byteLength).toBe(13);
});
