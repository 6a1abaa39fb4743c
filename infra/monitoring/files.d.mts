/** Generates the files made from the metric table. @returns Contents by path relative to this folder. */
export function monitoringFiles(): Promise<Record<string, string>>;
