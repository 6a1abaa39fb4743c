import type { BuildOptions } from 'esbuild';

export function bundleOptions(folder: string, version: string): BuildOptions;
