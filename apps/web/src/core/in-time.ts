/** 'now', 'in 12 s', 'in 3 min', 'in 2 h'. Rounded up, so that the event has happened when the time is over. */
export function inTime(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 0) return 'now';
  if (seconds < 100) return `in ${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `in ${minutes} min` : `in ${Math.ceil(minutes / 60)} h`;
}
