import type { BuildOptions } from 'esbuild';

export const mainModule: string;
export function bundleOptions(entry: string, outdir: string): BuildOptions;
