/** Contents of the files made from the metric table, by path relative to this folder. */
export function monitoringFiles(): Promise<Record<string, string>>;
