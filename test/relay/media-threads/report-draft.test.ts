import { expect, test } from 'vitest';
import { ReportDraft } from '../../../src/relay/media-threads/report-draft.ts';
import type { ToThread } from '../../../src/relay/media-threads/worker-messages.ts';

const PACKETS: ToThread<never> = { type: 'packets', records: new ArrayBuffer(100), atMs: 0 };

test('a report tells that packets came with what was made of them, or for many messages at once', () => {
  const draft = new ReportDraft();
  for (let messages = 0; messages < 3; messages += 1) draft.took(PACKETS);
  expect(draft.take()).toBeUndefined();
  draft.records.add(1, 0, Uint8Array.of(1));
  expect(draft.take()).toMatchObject({ takenMessages: 3, takenBytes: 300 });
  for (let messages = 0; messages < 8; messages += 1) {
    expect(draft.take()).toBeUndefined();
    draft.took(PACKETS);
  }
  expect(draft.take()).toMatchObject({ takenMessages: 8, takenBytes: 800 });
  expect(draft.take()).toBeUndefined();
});

test('a report does not wait when there is anything else to tell', () => {
  const draft = new ReportDraft();
  const others = [
    () => draft.took({ type: 'stop', job: 1 }),
    () => draft.took({ type: 'retract', job: 1, ssrc: 1, generation: 1 }),
    () => draft.count('encoding-late'),
    () => draft.fail(new Error('broken')),
  ];
  for (const tell of others) {
    draft.took(PACKETS);
    tell();
    expect(draft.take()).toBeDefined();
    expect(draft.take()).toBeUndefined();
  }
});
