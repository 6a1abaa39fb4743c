type Arrows = ReadonlyMap<string, ReadonlySet<string>>;
/** @returns For each file the files of the same list that it imports. */
export function importsOf(files: readonly string[]): Arrows;
/** @returns The same arrows between what `roomOf` gives for their ends. */
export function between(imports: Arrows, roomOf: (file: string) => string): Arrows;
/** @returns Groups of more than one in which each reaches each other. */
export function circlesOf(arrows: Arrows): string[][];
