/**
 * Short sentences that come and go. They wait while a pointer is down: nothing moves beside a pen that writes.
 *
 * Pure shell around a list: time comes in through `schedule`, and `onChange` tells the component that paints.
 */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action: { label: string; run: () => void } | null;
}

interface Added {
  toast: Toast;
  isSticky: boolean;
}

export interface ToastQueue {
  readonly shown: readonly Toast[];
  add(toast: { text: string; tone?: Toast['tone']; action?: Toast['action']; isSticky?: boolean }): number;
  dismiss(id: number): void;
  /** From now on nothing appears. */
  hold(): void;
  /** Toasts added while held appear. */
  release(): void;
  onChange(callback: () => void): () => void;
}

/** Long enough to read twelve words twice. */
export const TOAST_MS = 6_000;
/** Beyond this the oldest goes: more would be a wall of text. */
const SHOWN_MAX = 3;

export function createToastQueue(schedule: (run: () => void, delayMs: number) => () => void): ToastQueue {
  let shown: readonly Toast[] = [];
  let waiting: Added[] = [];
  let isHeld = false;
  let nextId = 1;
  const cancels = new Map<number, () => void>();
  const callbacks = new Set<() => void>();

  const set = (next: readonly Toast[]): void => {
    shown = next;
    for (const callback of callbacks) callback();
  };
  const dismiss = (id: number): void => {
    cancels.get(id)?.();
    cancels.delete(id);
    waiting = waiting.filter(({ toast }) => toast.id !== id);
    if (shown.some((toast) => toast.id === id)) set(shown.filter((toast) => toast.id !== id));
  };
  const show = ({ toast, isSticky }: Added): void => {
    // The same sentence twice is one sentence that starts again.
    for (const twin of shown.filter((other) => other.text === toast.text)) dismiss(twin.id);
    if (shown.length >= SHOWN_MAX && shown[0] !== undefined) dismiss(shown[0].id);
    if (!isSticky)
      cancels.set(
        toast.id,
        schedule(() => dismiss(toast.id), TOAST_MS),
      );
    set([...shown, toast]);
  };

  return {
    get shown() {
      return shown;
    },
    add({ text, tone = 'plain', action = null, isSticky = false }) {
      const added = { toast: { id: nextId++, text, tone, action }, isSticky };
      if (isHeld) waiting.push(added);
      else show(added);
      return added.toast.id;
    },
    dismiss,
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
      const due = waiting;
      waiting = [];
      due.forEach(show);
    },
    onChange(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
  };
}
