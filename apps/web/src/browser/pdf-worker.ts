/**
 * Reads one PDF and draws its pages, in a worker without a page: whatever a document asks for, there is nothing to reach but
 * these pixels, and the page ends a document that takes too long by ending the worker.
 *
 * pdf.js has a worker of its own, which runs here in the same thread. Its glyphs are drawn as shapes, so no font of the
 * document is installed; its wasm is not used, since the relay's policy allows none; its scripting is not even fetched.
 */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { AnnotationMode, getDocument, PasswordException, VerbosityLevel, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { MAX_PIXELS } from '../core/image-limits.ts';
import { pageSize } from '../core/pdf-page-size.ts';

export type PdfTask =
  | { readonly do: 'open'; readonly file: Blob; readonly files: string }
  /** `maxSidePx`: the longer side of the picture at most. */
  | { readonly do: 'draw'; readonly number: number; readonly maxSidePx: number; readonly as: 'bitmap' | 'file' };

/** The size of the paper, in 1/72 inch. */
interface Paper {
  readonly width: number;
  readonly height: number;
}
export type PdfAnswer =
  | { readonly kind: 'open'; readonly pages: number }
  | (Paper & { readonly kind: 'bitmap'; readonly bitmap: ImageBitmap })
  | (Paper & { readonly kind: 'file'; readonly file: Blob })
  | { readonly kind: 'locked' | 'damaged' };

/** A page of text is smaller as PNG, a scanned one is smaller as JPEG: above this size both are tried. */
const TRY_JPEG_BYTES = 600_000;

let opened: PDFDocumentProxy | null = null;

// On a port of its own: pdf.js also listens to the messages of the worker.
addEventListener('message', ({ ports: [port] }) => {
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<PdfTask>) => {
    const done = data.do === 'open' ? open(data.file, data.files) : draw(data);
    void done.then(
      (answer) => port.postMessage(answer, 'bitmap' in answer ? [answer.bitmap] : []),
      (error: unknown) => port.postMessage({ kind: error instanceof PasswordException ? 'locked' : 'damaged' } satisfies PdfAnswer),
    );
  };
});

/** @param files Address of the folder with character maps, fonts and decoders, with a slash at its end. */
async function open(file: Blob, files: string): Promise<PdfAnswer> {
  opened = await getDocument({
    data: new Uint8Array(await file.arrayBuffer()),
    cMapUrl: `${files}cmaps/`,
    standardFontDataUrl: `${files}standard_fonts/`,
    wasmUrl: `${files}wasm/`,
    useWorkerFetch: true,
    useWasm: false,
    useSystemFonts: false,
    disableFontFace: true,
    enableXfa: false,
    maxImageSize: MAX_PIXELS,
    verbosity: VerbosityLevel.ERRORS,
    CanvasFactory: OffscreenCanvases,
    FilterFactory: NoFilters,
  }).promise;
  return { kind: 'open', pages: opened.numPages };
}

async function draw({ number, maxSidePx, as }: Extract<PdfTask, { do: 'draw' }>): Promise<PdfAnswer> {
  if (opened === null) return { kind: 'damaged' };
  const page = await opened.getPage(number);
  try {
    const whole = page.getViewport({ scale: 1 });
    const size = pageSize(whole, maxSidePx);
    if (size === null) return { kind: 'damaged' };
    const canvas = new OffscreenCanvas(size.widthPx, size.heightPx);
    const canvasContext = canvas.getContext('2d', { alpha: false });
    if (canvasContext === null) return { kind: 'damaged' };
    await page.render({
      // The types know only canvases of a page.
      canvas: null,
      canvasContext: canvasContext as unknown as CanvasRenderingContext2D,
      viewport: page.getViewport({ scale: size.scale }),
      annotationMode: AnnotationMode.ENABLE,
      background: '#ffffff',
    }).promise;
    const { width, height } = whole;
    if (as === 'bitmap') return { kind: 'bitmap', bitmap: canvas.transferToImageBitmap(), width, height };
    const file = await encode(canvas);
    canvas.width = canvas.height = 0;
    return { kind: 'file', file, width, height };
  } finally {
    page.cleanup();
  }
}

async function encode(canvas: OffscreenCanvas): Promise<Blob> {
  const png = await canvas.convertToBlob({ type: 'image/png' });
  if (png.size <= TRY_JPEG_BYTES) return png;
  const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  return jpeg.size < png.size ? jpeg : png;
}

interface CanvasAndContext {
  canvas: OffscreenCanvas | null;
  context: OffscreenCanvasRenderingContext2D | null;
}

/** Canvases for pdf.js, whose own factory needs a page. */
class OffscreenCanvases {
  create(width: number, height: number): CanvasAndContext {
    const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) };
  }
  getNoAlphaContext(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D | null {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  }
  reset({ canvas }: CanvasAndContext, width: number, height: number): void {
    if (canvas !== null) Object.assign(canvas, { width: Math.max(1, width), height: Math.max(1, height) });
  }
  destroy(entry: CanvasAndContext): void {
    if (entry.canvas !== null) entry.canvas.width = entry.canvas.height = 0;
    entry.canvas = entry.context = null;
  }
}

/** Filters of SVG need a page. Without them pdf.js computes soft masks itself. */
class NoFilters {
  readonly #none = (): string => 'none';
  addFilter = this.#none;
  addHCMFilter = this.#none;
  addAlphaFilter = this.#none;
  addLuminosityFilter = this.#none;
  addKnockoutFilter = this.#none;
  addHighlightHCMFilter = this.#none;
  addSelectionHCMFilter = this.#none;
  addSelectionFilter = this.#none;
  createSelectionStyle = (): null => null;
  destroy(): void {
    // Nothing was made.
  }
}
