/** Bundles the pages of the peers, as an app that uses them would: minified, for production, parts fetched when needed. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const page = (name) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${name}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${name}.css" />
    <style>
      html,
      body,
      #board {
        height: 100%;
        margin: 0;
      }
    </style>
    <script>
      globalThis.EXCALIDRAW_ASSET_PATH = '/';
    </script>
    <script type="module" src="${name}.js"></script>
  </head>
  <body>
    <div id="board"></div>
  </body>
</html>
`;

const out = 'dist';
await mkdir(out, { recursive: true });
const loader = { '.png': 'file', '.svg': 'file', '.woff2': 'file' };
// tldraw's translations are files that it fetches; Excalidraw imports a table of colours.
for (const [name, json] of [
  ['excalidraw', 'json'],
  ['tldraw', 'file'],
]) {
  await build({
    entryPoints: [`${name}.js`],
    outdir: out,
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { ...loader, '.json': json },
    logLevel: 'error',
  });
  await writeFile(`${out}/${name}.html`, page(name));
}
await cp('node_modules/@excalidraw/excalidraw/dist/prod/fonts', `${out}/fonts`, { recursive: true });
