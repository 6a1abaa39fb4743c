/**
 * Mouse and wheel at the pace of a device, whether or not the page keeps up. Playwright's own would wait for the page after
 * each event, and a slow page would get fewer of them.
 */

import type { CDPSession, Page } from 'playwright';

export interface MouseInput {
  readonly type: 'mouseMoved' | 'mousePressed' | 'mouseReleased' | 'mouseWheel';
  readonly x: number;
  readonly y: number;
  readonly deltaX?: number;
  readonly deltaY?: number;
  readonly isCtrl?: boolean;
  readonly isDown?: boolean;
}

const CTRL = 2;

export class Pointer {
  readonly #session: CDPSession;

  constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<Pointer> {
    return new Pointer(await page.context().newCDPSession(page));
  }

  async send({ type, x, y, deltaX = 0, deltaY = 0, isCtrl = false, isDown = false }: MouseInput): Promise<void> {
    const isButton = type === 'mousePressed' || type === 'mouseReleased';
    await this.#session.send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      button: isDown || isButton ? 'left' : 'none',
      buttons: isDown ? 1 : 0,
      ...(isButton && { clickCount: 1 }),
      ...(type === 'mouseWheel' && { deltaX, deltaY }),
      modifiers: isCtrl ? CTRL : 0,
    });
  }

  /** Resolves when the page has handled all of them. */
  async sendAll(inputs: readonly MouseInput[], everyMs: number): Promise<void> {
    const startedAt = performance.now();
    const handled: Promise<void>[] = [];
    for (const [i, input] of inputs.entries()) {
      const waitMs = startedAt + i * everyMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      handled.push(this.send(input));
    }
    await Promise.all(handled);
  }
}
