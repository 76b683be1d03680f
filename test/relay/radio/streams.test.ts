import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { BareListener, startRadioStation } from '../../support/radio-station.ts';

describe('a stream', () => {
  test('is answered as Icecast does, in raw bytes until it ends', async () => {
    const radio = await startRadioStation();
    const { podcast } = radio.create({ title: 'Wörter', description: 'one\r\nline', visibility: 'public' });
    const listener = new BareListener(radio.port, `/p/${podcast.id}/live.mp3`);
    const page = `${radio.url}/p/${podcast.id}`;
    expect(await listener.head()).toEqual({
      '': 'HTTP/1.1 200 OK',
      'content-type': 'audio/mpeg',
      'cache-control': 'no-cache, no-store',
      'accept-ranges': 'none',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('icy-name'),
      'x-content-type-options': 'nosniff',
      'icy-name': 'Wörter',
      'icy-description': 'one line',
      'icy-genre': 'Talk',
      'icy-url': page,
      'icy-br': '128',
      'icy-pub': '1',
      'ice-audio-info': 'bitrate=128;samplerate=48000;channels=2',
      connection: 'close',
    });
    radio.encodings.page('mp3', Buffer.from('first page, '));
    radio.encodings.page('mp3', Buffer.from('second page'));
    expect((await listener.heard(23)).toString()).toBe('first page, second page');
    radio.encodings.page('mp3', Buffer.from(', the end'));
    const channel = radio.hub.find(podcast.id);
    if (channel) radio.hub.end(channel, { code: 4003, name: 'x', sentence: 'y' } as never);
    await once(listener.socket, 'end');
    expect(listener.body.toString()).toBe('first page, second page, the end');
  });
});
