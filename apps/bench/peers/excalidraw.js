/** Excalidraw as its package gives it, with the scene that the address names. */
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Excalidraw } from '@excalidraw/excalidraw';
import '@excalidraw/excalidraw/index.css';
import { loadScene } from './scene.js';

const initialData = async () => ({
  elements: await loadScene(),
  appState: { scrollX: 0, scrollY: 0, zoom: { value: 1 }, currentItemStrokeWidth: 1, currentItemStrokeColor: '#1e1e1e' },
});
const excalidrawAPI = (api) => {
  globalThis.benchBoard = {
    camera() {
      const { scrollX, scrollY, zoom } = api.getAppState();
      return { x: -scrollX, y: -scrollY, zoom: zoom.value };
    },
    count: () => api.getSceneElements().length,
  };
};
createRoot(document.getElementById('board')).render(
  createElement(Excalidraw, { initialData, excalidrawAPI, handleKeyboardGlobally: true, autoFocus: true }),
);
