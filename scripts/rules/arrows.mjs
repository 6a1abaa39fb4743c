// Which workspace package may import which: the arrows of ARCHITECTURE.md. The lint rule and the package.json test both read this table.
// `external` lists what a layer may bring in from npm at run time; development dependencies are free.
export const arrows = {
  'packages/protocol': { workspace: [], external: ['lib0'] },
  'packages/storage': { workspace: [], external: ['aws4fetch', 'lmdb', 'mongodb', 'y-mongodb-provider', 'yjs', 'lib0'] },
  'packages/board': { workspace: [], external: ['yjs', 'lib0', 'fractional-indexing'] },
  'packages/canvas': { workspace: ['board'], external: ['perfect-freehand', 'rbush'] },
  'packages/sync': { workspace: ['protocol'], external: ['yjs', 'lib0', 'y-protocols', 'y-indexeddb'] },
  'packages/relay': { workspace: ['protocol', 'storage'], external: ['ioredis', 'jose', 'rate-limiter-flexible', 'yjs', 'lib0', 'ws'] },
  'apps/relay': { workspace: ['relay', 'storage', 'board'], external: ['http_ece', 'jose', 'pino', 'prom-client', 'sirv', 'yjs'] },
  'apps/web': {
    workspace: ['canvas', 'board', 'sync'],
    external: ['svelte', '@lucide/svelte', 'bits-ui', '@noble/hashes', 'idb-keyval', 'pdfjs-dist', 'yjs', 'lib0'],
  },
};

export const workspacePackages = ['protocol', 'storage', 'board', 'canvas', 'sync', 'relay'];
