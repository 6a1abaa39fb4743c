/** Prints the measurements of a fault test in one line; no test depends on them. */

export function figure(row: string, values: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(values).map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value) : value}`);
  console.log(`${row}: ${text.join(', ')}`);
}
