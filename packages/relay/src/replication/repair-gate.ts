/** Limits how many rooms of a process read the store at once; the others wait in line. */

export interface RepairGate {
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createRepairGate(maxAtOnce: number): RepairGate {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return await work();
      } finally {
        // The place is handed on, not given up and taken again.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
  };
}
