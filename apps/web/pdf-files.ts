/**
 * A Vite plugin for the files that pdf.js fetches while it draws: maps of Asian characters, the fonts that every reader of
 * PDFs has, and decoders of two image formats. Their folder has the version in its name, so that browsers may keep them.
 */
import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const folder = `assets/pdfjs-${version}/`;

/** By folder of the package: the files in use. The wasm and the scripting are not. */
const used: Readonly<Record<string, RegExp>> = {
  cmaps: /\.bcmap$|^LICENSE/,
  standard_fonts: /\.(pfb|ttf)$|^LICENSE/,
  wasm: /^(jbig2|openjpeg)_nowasm_fallback\.js$|^LICENSE_(JBIG2|OPENJPEG|PDFJS_JBIG2|PDFJS_OPENJPEG)$/,
};
const names = [
  'LICENSE',
  ...Object.entries(used).flatMap(([from, wanted]) =>
    readdirSync(join(root, from)).flatMap((name) => (wanted.test(name) ? [`${from}/${name}`] : [])),
  ),
];

export function pdfFiles(): Plugin {
  return {
    name: 'pdf-files',
    config: () => ({ define: { __PDFJS_FILES__: JSON.stringify(`/${folder}`) } }),
    configureServer(server) {
      server.middlewares.use(`/${folder}`, (request, response, next) => {
        const name = names.find((known) => request.url === `/${known}`);
        if (name === undefined) return next();
        if (name.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript');
        response.end(readFileSync(join(root, name)));
      });
    },
    generateBundle() {
      for (const name of names) this.emitFile({ type: 'asset', fileName: folder + name, source: readFileSync(join(root, name)) });
    },
  };
}
