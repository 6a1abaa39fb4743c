/** tldraw as its package gives it, with the scene that the address names. Its limit of 4,000 shapes on a page is raised. */
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createTLStore, DocumentRecordType, loadSnapshot, PageRecordType, Tldraw, TLDOCUMENT_ID } from 'tldraw';
import 'tldraw/tldraw.css';
import { getAssetUrlsByImport } from '@tldraw/assets/imports';
import { loadScene } from './scene.js';

const store = createTLStore();
const shapes = await loadScene();
const records = [
  DocumentRecordType.create({ id: TLDOCUMENT_ID }),
  PageRecordType.create({ id: 'page:page', name: 'Page', index: 'a1' }),
  ...shapes,
];
loadSnapshot(store, { schema: store.schema.serialize(), store: Object.fromEntries(records.map((record) => [record.id, record])) });

const onMount = (editor) => {
  globalThis.benchBoard = {
    camera() {
      const { x, y, z } = editor.getCamera();
      return { x: -x, y: -y, zoom: z };
    },
    count: () => editor.getCurrentPageShapeIds().size,
  };
};
createRoot(document.getElementById('board')).render(
  createElement(Tldraw, { store, onMount, options: { maxShapesPerPage: 1_000_000 }, assetUrls: getAssetUrlsByImport(), autoFocus: true }),
);
