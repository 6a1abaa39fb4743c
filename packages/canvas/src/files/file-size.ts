/** Sizes of files in words. */
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** '1 byte', '940 bytes', '1.4 kB', '80 MB': at most three digits, 1 kB being 1,024 bytes as relays count. */
export function fileSizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1_024, unit + 1];
  const digits = unit === 0 || value >= 9.95 ? Math.round(value) : Math.round(value * 10) / 10;
  return `${digits} ${UNITS[unit] ?? ''}`;
}

/** '12 of 80 MB', and '900 kB of 80 MB' where the units differ. */
export function fileProgressText(done: number, total: number): string {
  const [a, b] = [fileSizeText(done), fileSizeText(total)];
  const unit = b.slice(b.indexOf(' '));
  return `${a.endsWith(unit) ? a.slice(0, -unit.length) : a} of ${b}`;
}
