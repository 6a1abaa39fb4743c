/** 'now', 'in 12 s', 'in 3 min', 'in 2 h'. Rounded up, so that the event has happened when the time is over. */
import * as m from '$words/in-time';
export function inTime(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 0) return m.now();
  if (seconds < 100) return m.seconds({ seconds });
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? m.minutes({ minutes }) : m.hours({ hours: Math.ceil(minutes / 60) });
}
