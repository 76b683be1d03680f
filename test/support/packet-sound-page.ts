/** A page that plays a podcast's packets and shows nothing, served beside a relay. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { SoundQuality, SoundState, SpeakerLevel } from '../../web/sound/sound.ts';
import type { Evaluating } from './heard-sound.ts';

const HTML =
  '<!doctype html><meta charset="utf-8"><title>sound</title><body><script type="module" src="page.js"></script>';

/** What the sound has told its page so far; times are the page's `performance.now()`. */
export interface Told {
  readonly states: readonly { readonly state: SoundState; readonly atMs: number }[];
  readonly qualities: readonly SoundQuality[];
  readonly levels: readonly (readonly SpeakerLevel[])[];
  /** When the button was pressed. */
  readonly pressedMs: number;
  readonly nowMs: number;
}

export function toldIn(page: Evaluating): Promise<Told> {
  return page.evaluate('soundPage.told()');
}

let bundling: Promise<ReadonlyMap<string, string>> | undefined;

/** @returns the address of a page that plays this podcast when its button is pressed; served until the test has finished */
export async function packetSoundPage(relayUrl: string, podcastId: number): Promise<string> {
  bundling ??= bundles();
  const files = await bundling;
  const server = createServer(({ url = '/' }, response) => {
    const path = url.replace(/\?.*/, '');
    const script = files.get(path);
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? HTML);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/?relay=${encodeURIComponent(relayUrl)}&id=${podcastId}`;
}

async function bundles(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: {
      page: fileURLToPath(new URL('in-page/packet-sound-page.ts', import.meta.url)),
      receiver: fileURLToPath(new URL('../../web/sound/receiver.ts', import.meta.url)),
      player: fileURLToPath(new URL('../../web/sound/player.ts', import.meta.url)),
    },
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}
