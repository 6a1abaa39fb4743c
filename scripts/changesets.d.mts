export interface Commit {
  readonly subject: string;
  readonly files: readonly string[];
}
/** @returns Whether users of a package can notice a commit. */
export function isNoticed(commit: Commit, pkg: { readonly folder: string; readonly entries: readonly string[] }): boolean;
/** @returns Names of the packages that a changeset raises. */
export function packagesOf(changeset: string): string[];
/** @returns A sentence for each package that lacks a changeset. */
export function missingChangesets(directory?: string): string[];
