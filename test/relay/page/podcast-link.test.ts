import { expect, test } from 'vitest';
import { readPodcastLink } from '../../../src/relay/page/podcast-link.ts';

const ROOT = 'https://example.org/radio/';

test.each([
  ['https://example.org/radio/p/12', { idText: '12', key: undefined }],
  ['http://example.org/radio/p/12#now', { idText: '12', key: undefined }],
  ['https://example.org/radio/p/12?key=ab&x=1', { idText: '12', key: 'ab' }],
  ['http://10.0.0.5:3000/radio/p/7', { idText: '7', key: undefined }],
])('%s is a link to a podcast', (url, link) => {
  expect(readPodcastLink(url, ROOT, '10.0.0.5:3000')).toEqual(link);
});

test.each([
  '',
  'p/12',
  '/radio/p/12',
  'https://example.org/p/12',
  'https://example.org/radio/',
  'https://example.com/radio/p/12',
  'https://example.org.evil.test/radio/p/12',
  'ftp://example.org/radio/p/12',
  'javascript:alert(1)',
])('"%s" is none', (url) => {
  expect(readPodcastLink(url, ROOT, undefined)).toBeUndefined();
});
