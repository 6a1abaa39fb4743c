/** Minutes of a day as a time field has them: 90 is '01:30'. */

export function clockOf(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** Null for what is no time, such as an empty field. */
export function minuteOf(clock: string): number | null {
  const [, hours = '', minutes = ''] = /^([01][0-9]|2[0-3]):([0-5][0-9])/.exec(clock) ?? [];
  return hours === '' ? null : Number(hours) * 60 + Number(minutes);
}
