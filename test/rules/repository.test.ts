import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSettings } from '../../src/config.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Which part may import which, besides itself and libraries. `src` is the root of composition: main, command line, demonstration. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/protocol': [],
  'src/audio': [],
  'src/podcast': ['src/protocol'],
  'src/accounts': [],
  'src/relay': ['src/protocol', 'src/audio', 'src/podcast', 'src/accounts', 'src/texts'],
  'src/client': ['src/protocol'],
  'src/conformance': ['src/protocol'],
  'src/recording': ['src/protocol', 'src/audio', 'src/client'],
  'src/texts': [],
  'src/bot': ['src/protocol', 'src/audio', 'src/client', 'src/texts'],
  commands: ['src/bot', 'src/protocol', 'src/texts'],
  simulator: [],
  web: ['src/protocol', 'src/audio', 'src/texts'],
};

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function partOf(file: string): string {
  const known = Object.keys(MAY_IMPORT).find((part) => file.startsWith(`${part}/`) || file === `${part}.ts`);
  return known ?? dirname(file);
}

/** The files of ours that a file imports. */
function importsOf(file: string): string[] {
  const paths = [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)];
  return paths.map(([, path = '']) => relative(ROOT, resolve(ROOT, dirname(file), path)));
}

describe('the import map', () => {
  test.each(Object.entries(MAY_IMPORT))('%s imports only what it may', (part, allowed) => {
    const files = filesBelow(part);
    expect(files.length).toBeGreaterThan(0);
    const forbidden = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => ![part, ...allowed].includes(partOf(target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(forbidden).toEqual([]);
  });

  test('keeps the lanes of the relay apart: they meet at the hub', () => {
    const lanes = ['events', 'radio', 'hls', 'page'].map((lane) => filesBelow(`src/relay/${lane}`));
    lanes.push(['src/relay/websocket-lane.ts']);
    const others = (lane: string[]): string[] => lanes.filter((other) => other !== lane).flat();
    for (const lane of lanes) {
      expect(lane).not.toEqual([]);
      expect(lane.flatMap(importsOf).filter((target) => others(lane).includes(target))).toEqual([]);
    }
  });

  test('knows every part there is', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'cli')
      .map((entry) => `src/${entry.name}`);
    expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([]);
  });
});

test('what people wrote goes into messages by one way, which leaves no link, list or line break in it', () => {
  const files = [...filesBelow('src'), ...filesBelow('commands')];
  const others = files.filter((file) => file !== 'src/bot/plain-text.ts');
  expect(others.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('escapeMarkdown'))).toEqual(
    [],
  );
});

test('.env.example has every setting with its meaning and its default, and no other', () => {
  const expected = describeSettings().map(
    ({ name, description, defaultText }) => `# ${description}\n${name}=${defaultText}\n`,
  );
  const file = readFileSync(join(ROOT, '.env.example'), 'utf8');
  const [, ...entries] = file.split(/\n\n/);
  expect(entries.map((entry) => `${entry.trimEnd()}\n`)).toEqual(expected);
});

test('dependencies are pinned to exact versions', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('the lock file names no registry', () => {
  expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});
