/** Attacks by uploaded files, which others load from the address of the app. */

import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { ServiceRow } from './row.ts';
import type { ServiceTarget } from './service-target.ts';

const utf8 = (text: string): Buffer => Buffer.from(text);
const SCRIPT = '<script>top.pwned=1</script>';

/** A PNG of one pixel, with `extra` in a chunk of text. */
function png(extra = '', width = 1, height = 1): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([utf8(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const text = extra === '' ? [] : [chunk('tEXt', utf8(`Comment\0${extra}`))];
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...text,
    chunk('IDAT', deflateSync(Buffer.alloc(5))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Files that are not pictures, or contain something else as well. */
const hostile = (): Record<string, [bytes: Buffer, saidToBe: string]> => ({
  'an SVG': [utf8(`<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`), 'image/svg+xml'],
  'an SVG declared as a PNG': [utf8(`<svg xmlns="http://www.w3.org/2000/svg">${SCRIPT}</svg>`), 'image/png'],
  'a page': [utf8(`<!doctype html>${SCRIPT}`), 'text/html'],
  'a page declared as a PNG': [utf8(`<!doctype html>${SCRIPT}`), 'image/png'],
  'a script': [utf8('top.pwned=1'), 'text/javascript'],
  'a document': [utf8('%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>'), 'application/pdf'],
  'a PNG signature before a page': [Buffer.concat([png().subarray(0, 8), utf8(SCRIPT)]), 'image/png'],
  'a PNG with a page after its end': [Buffer.concat([png(), utf8(`<html>${SCRIPT}`)]), 'image/png'],
  'a PNG with a page in a text chunk': [png(`<html>${SCRIPT}`), 'text/html'],
  'a GIF that is a script': [utf8('GIF89a/*\0\0*/=1;top.pwned=1;//'), 'text/javascript'],
  'a picture of 60,000 by 60,000': [png('', 60_000, 60_000), 'image/png'],
});

async function put(
  service: ServiceTarget,
  board: string,
  token: string,
  bytes: Buffer,
  type: string,
): Promise<{ status: number; path: string }> {
  const path = `/v1/boards/${board}/blobs/${createHash('sha256').update(bytes).digest('hex')}`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const { status } = await fetch(`${service.origin}${path}`, { method: 'PUT', headers, body: new Uint8Array(bytes) });
  return { status, path };
}

export const uploadRows: readonly ServiceRow[] = [
  {
    id: 'C4',
    title: `${Object.keys(hostile()).length} files that are not pictures are refused, whatever their declared type; a picture can run nothing`,
    async attack(service) {
      const [ana, mallory] = [await service.guest('Ana'), await service.guest('Mallory')];
      const { body } = await service.ask('POST', '/v1/boards', { token: ana.token, body: {} });
      const { id = '' } = (body['board'] ?? {}) as { id?: string };
      for (const [what, [bytes, type]] of Object.entries(hostile())) {
        const { status } = await put(service, id, ana.token, bytes, type);
        if (status < 400) return `${what} is stored`;
      }
      const picture = png();
      const { status, path } = await put(service, id, ana.token, picture, 'text/html');
      if (status !== 201) return `a picture is refused with ${status}`;
      if ((await put(service, id, mallory.token, png('other'), 'image/png')).status < 400)
        return 'a user without access to a board uploads to it';
      const wrong = await service.ask('PUT', path.replace(/.{4}$/, '0000'), { token: ana.token });
      if (wrong.status < 400) return 'stored under a wrong hash';
      for (const token of [undefined, mallory.token])
        if ((await service.ask('GET', path, token === undefined ? {} : { token })).status < 400)
          return 'served to a user without access to the board';
      const shown = await fetch(`${service.origin}${path}`, { headers: { authorization: `Bearer ${ana.token}` } });
      await shown.arrayBuffer();
      const told = Object.fromEntries(shown.headers);
      if (told['content-type'] !== 'image/png') return `served as ${String(told['content-type'])}`;
      if (told['x-content-type-options'] !== 'nosniff') return 'a browser may guess what it is';
      if (!/sandbox/.test(told['content-security-policy'] ?? '')) return 'opened in its own tab it is a page of the app';
      return null;
    },
  },
];
