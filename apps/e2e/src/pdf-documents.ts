/** PDFs for tests, written here: pages in colours of their own, with a line of text in a font that is not in the file. */
import type { Page } from 'playwright';

export interface PdfOptions {
  /** Red, green, blue, 0..1, of each page. */
  readonly colors: readonly (readonly [number, number, number])[];
  /** In 1/72 inch; a page of the same index is as large as this, the last counts for the others. */
  readonly sizes?: readonly (readonly [number, number])[];
  /** Asks for a password that nobody has. */
  readonly isLocked?: boolean;
  /** Runs a script when it is opened, another out of the matrix of its font (CVE-2024-4367), and submits to another server. */
  readonly isHostile?: boolean;
}

const script = '(self.wetinkWasHacked = 1; console.log\\(1\\); app.alert\\(1\\))';
const openAction = `/OpenAction << /S /JavaScript /JS ${script} >> /AA << /WC << /S /URI /URI (http://evil.example/) >> >>`;
const fontMatrix = `/FontMatrix [1 2 3 4 5 (0\\); self.wetinkWasHacked = 1; console.log\\(2\\);//)]`;

export function pdfDocument({ colors, sizes = [[595, 842]], isLocked = false, isHostile = false }: PdfOptions): Buffer {
  const objects: string[] = [];
  const pageIds = colors.map((_, i) => 4 + i * 2);
  objects[1] = `<< /Type /Catalog /Pages 2 0 R ${isHostile ? openAction : ''} >>`;
  objects[2] = `<< /Type /Pages /Count ${colors.length} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] >>`;
  objects[3] = `<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica ${isHostile ? fontMatrix : ''} >>`;
  for (const [i, color] of colors.entries()) {
    const [w, h] = sizes[Math.min(i, sizes.length - 1)] ?? [595, 842];
    const drawing = `${color.join(' ')} rg 0 0 ${w} ${h} re f 0 0 0 rg BT /F1 48 Tf 40 ${h - 80} Td (Page ${i + 1}) Tj ET`;
    const id = 4 + i * 2;
    objects[id] =
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${w} ${h}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${id + 1} 0 R >>`;
    objects[id + 1] = `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`;
  }
  const hex = 'a5'.repeat(32);
  if (isLocked) objects.push(`<< /Filter /Standard /V 1 /R 2 /O <${hex}> /U <${hex}> /P -4 >>`);
  let text = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (let id = 1; id < objects.length; id++) {
    offsets[id] = text.length;
    text += `${id} 0 obj\n${objects[id] ?? 'null'}\nendobj\n`;
  }
  const start = text.length;
  text += `xref\n0 ${objects.length}\n0000000000 65535 f \n`;
  for (let id = 1; id < objects.length; id++) text += `${String(offsets[id] ?? 0).padStart(10, '0')} 00000 n \n`;
  const locked = isLocked ? ` /Encrypt ${objects.length - 1} 0 R /ID [<${'11'.repeat(16)}> <${'11'.repeat(16)}>]` : '';
  text += `trailer << /Size ${objects.length} /Root 1 0 R${locked} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}

/** Drops a document in the upper middle of the board. */
export function dropPdf(page: Page, name: string, pdf: Buffer, type = 'application/pdf'): Promise<void> {
  return page.evaluate(
    ([base64, file, kind]) => {
      const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], file, { type: kind }));
      const target = document.querySelector('[role="application"]') ?? document.body;
      for (const event of ['dragover', 'drop'])
        target.dispatchEvent(new DragEvent(event, { dataTransfer: transfer, clientX: 640, clientY: 300, bubbles: true, cancelable: true }));
    },
    [pdf.toString('base64'), name, type] as const,
  );
}
