/** Bundles the listener's page into `web/dist`: run by `npm install`, and after every change of what the page is made of. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';

const WEB = import.meta.dirname;
const OUT = join(WEB, 'dist');

/** What runs apart from the page: the worker that receives, and the worklet that plays. */
const RECEIVER = join(WEB, 'sound/receiver.ts');
const PLAYER = join(WEB, 'sound/player.ts');
const PAGE = join(WEB, 'page/page.ts');
const LIVE = join(WEB, 'page/live.ts');
const STYLE = join(WEB, 'page/page.css');
const IMAGES = ['icon.svg', 'touch-icon.png', 'card.png'].map((image) => join(WEB, 'images', image));

/** What gets smaller when it is compressed. */
const TEXT = /\.(?:js|css|svg|wasm)$/;

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const outputs = await bundled([RECEIVER, PLAYER, PAGE, LIVE, STYLE, ...IMAGES]);
for (const file of Object.keys(outputs)) if (TEXT.test(file)) compress(file);
writeFileSync(join(OUT, 'assets.json'), JSON.stringify(entriesOf(outputs), undefined, 2));

async function bundled(entryPoints: string[]): Promise<Metafile['outputs']> {
  const { metafile } = await build({
    entryPoints,
    outdir: OUT,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    loader: { '.svg': 'copy', '.png': 'copy' },
    sourcemap: false,
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile.outputs;
}

/** The name of each entry's file, by its name without hash: `page.js` → `page-ABCDEFGH.js`. */
function entriesOf(all: Metafile['outputs']): Record<string, string> {
  const files = Object.entries(all).filter(([, { entryPoint }]) => entryPoint);
  return Object.fromEntries(
    files.map(([file]) => [basename(file).replace(/-[A-Z0-9]{8}\./, '.'), basename(file)]),
  );
}

/** Once, and as small as can be, so that nobody has to while people wait. */
function compress(file: string): void {
  const bytes = readFileSync(file);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
}
