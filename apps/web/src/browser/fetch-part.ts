/**
 * Parts of the page whose code is fetched after its first paint. The network may be away by then, or slow.
 *
 * - A part that the person asks for is waited for, and a toast says so. After a while the page gives up: a menu that opens
 *   by itself a minute later is in the way. The next request fetches it again.
 * - A part that nobody asked for is fetched again when the network is back, without a toast.
 */
import * as m from '$words/fetch-part';
import { scheduleTimeout } from './timers.ts';

type Schedule = (run: () => void, delayMs: number) => () => void;
type Load<Part> = () => Promise<Part>;

/** A shorter wait needs no toast. */
export const SLOW_MS = 600;
/** After this wait the person has turned to something else. */
export const GIVE_UP_MS = 10_000;
/** A network can come back without an event of the browser. */
export const AGAIN_MS = 15_000;

export interface FetchSigns {
  /** @returns Its id, to dismiss it by. */
  say(text: string): number;
  dismiss(id: number): void;
  fail(text: string): void;
}

/** @returns Null when the part can't be fetched now; a toast has said so. */
export async function fetchPart<Part>(load: Load<Part>, signs: FetchSigns, schedule: Schedule = scheduleTimeout): Promise<Part | null> {
  let said: number | null = null;
  const stops = [schedule(() => (said = signs.say(m.thisPartOfThePage())), SLOW_MS)];
  const tooLong = new Promise<null>((resolve) => stops.push(schedule(() => resolve(null), GIVE_UP_MS)));
  try {
    const part = await Promise.race([load().catch(nullIfUnreachable), tooLong]);
    if (part === null) signs.fail(m.thisPartOfThePage2());
    return part;
  } finally {
    for (const stop of stops) stop();
    if (said !== null) signs.dismiss(said);
  }
}

/** Tries until the part is there. @returns How to stop. */
export function fetchInTime<Part>(
  load: Load<Part>,
  use: (part: Part) => void,
  { schedule, page }: { schedule: Schedule; page: EventTarget } = { schedule: scheduleTimeout, page: window },
): () => void {
  const over = new AbortController();
  let cancel = (): void => undefined;
  const attempt = async (): Promise<void> => {
    cancel();
    const part = await load().catch(nullIfUnreachable);
    if (over.signal.aborted) return;
    if (part === null) return void (cancel = schedule(() => void attempt(), AGAIN_MS));
    stop();
    use(part);
  };
  const stop = (): void => {
    over.abort();
    cancel();
  };
  page.addEventListener('online', () => void attempt(), { signal: over.signal });
  void attempt();
  return stop;
}

/** Anything but what browsers and Vite throw for a file that can't be fetched is a bug of ours and is thrown on. */
function nullIfUnreachable(error: unknown): null {
  if (error instanceof TypeError || (error instanceof Error && error.message.startsWith('Unable to preload'))) return null;
  throw error;
}
