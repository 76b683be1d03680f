/** Bundles the listener's page into `web/dist`: run by `npm install`, and after every change of what the page is made of. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const WEB = import.meta.dirname;
const OUT = join(WEB, 'dist');

/** What runs apart from the page: the worker that receives, and the worklet that plays. */
const RECEIVER = join(WEB, 'sound/receiver.ts');
const PLAYER = join(WEB, 'sound/player.ts');
const PAGE = join(WEB, 'page/page.ts');
const STYLE = join(WEB, 'page/page.css');

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const assets = await bundled([RECEIVER, PLAYER, PAGE, STYLE]);
writeFileSync(join(OUT, 'assets.json'), JSON.stringify(assets, undefined, 2));

/** @returns the name of each entry's file, by its name without extension and hash: `page.js` → `page-ABCD.js` */
async function bundled(entryPoints: string[]): Promise<Record<string, string>> {
  const { metafile } = await build({
    entryPoints,
    outdir: OUT,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: false,
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
  });
  const outputs = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint);
  return Object.fromEntries(
    outputs.map(([file]) => [basename(file).replace(/-[A-Z0-9]{8}\./, '.'), basename(file)]),
  );
}
