/** What a fault test measured, one line each; nothing is gated on it. */

export function figure(row: string, values: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(values).map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value) : value}`);
  console.log(`${row}: ${text.join(', ')}`);
}
