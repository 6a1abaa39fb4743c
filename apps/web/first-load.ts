/**
 * Watches over the files that a board needs before its first paint: its page, the page's imports, and the style sheets.
 *
 * They are minified a second time, by terser, which takes 3 kB off them; and the build fails when they are more than the budget.
 */
import { gzipSync } from 'node:zlib';
import { minify } from 'terser';
import type { Plugin, Rolldown } from 'vite';

/** Bytes, gzip. */
const MAX_BYTES = 200_000;

export function firstLoad(): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    generateBundle: {
      // Once Vite has written into each file what its late parts need.
      order: 'post',
      async handler(_, bundle) {
        const needed = filesNeeded(bundle);
        for (const fileName of needed) await minifyAgain(bundle, fileName);
        const bytes = [...needed].reduce((sum, fileName) => sum + sizeOf(bundle[fileName]), 0);
        this.info(`first load of a board: ${(bytes / 1000).toFixed(1)} kB gzip in ${needed.size} files, at most ${MAX_BYTES / 1000}`);
        if (bytes > MAX_BYTES) this.error(`the first load of a board is ${bytes} bytes gzip, more than ${MAX_BYTES}`);
      },
    },
  };
}

function filesNeeded(bundle: Rolldown.OutputBundle): ReadonlySet<string> {
  const needed = new Set<string>();
  const need = (fileName: string): void => {
    const chunk = bundle[fileName];
    if (chunk?.type !== 'chunk' || needed.has(fileName)) return;
    needed.add(fileName);
    chunk.imports.forEach(need);
    chunk.viteMetadata?.importedCss.forEach((css) => needed.add(css));
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type === 'chunk' && (chunk.isEntry || /\/(start\.ts|BoardPage\.svelte)$/.test(chunk.facadeModuleId ?? '')))
      need(chunk.fileName);
  }
  return needed;
}

/** Keeps the source map in step. */
async function minifyAgain(bundle: Rolldown.OutputBundle, fileName: string): Promise<void> {
  const chunk = bundle[fileName];
  if (chunk?.type !== 'chunk') return;
  const map = bundle[`${fileName}.map`];
  const last = `//# sourceMappingURL=${fileName.split('/').at(-1) ?? ''}.map`;
  const { code, map: mapped } = await minify(chunk.code, {
    module: true,
    ecma: 2020,
    compress: { passes: 2 },
    ...(map?.type === 'asset' && { sourceMap: { content: String(map.source) } }),
  });
  if (code === undefined) throw new Error(`terser made nothing of ${fileName}`);
  chunk.code = map === undefined ? code : `${code}\n${last}\n`;
  if (map?.type === 'asset' && typeof mapped === 'string') map.source = mapped;
}

function sizeOf(file: Rolldown.OutputBundle[string] | undefined): number {
  return file === undefined ? 0 : gzipSync(file.type === 'chunk' ? file.code : file.source).length;
}
