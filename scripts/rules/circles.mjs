// Circles of imports, those of types included: lint sees only those that exist at run time.
import { readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';

/** @returns For each file the files of the same list that it imports. Paths are relative to the root, with `/`. */
export function importsOf(files) {
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const specifiers = [...readFileSync(file, 'utf8').matchAll(/(?:from\s+|import\s*\(\s*|import\s+)'(\.[^']+)'/g)].map(
        ([, path]) => path,
      );
      return [file, new Set(specifiers.map((path) => posix.join(dirname(file), path)).filter((path) => known.has(path) && path !== file))];
    }),
  );
}

/** @returns The arrows among these files as arrows between what `roomOf` gives for their ends. */
export function between(imports, roomOf) {
  const rooms = new Map([...imports.keys()].map((file) => [roomOf(file), new Set()]));
  for (const [file, targets] of imports)
    for (const target of targets) if (imports.has(target) && roomOf(file) !== roomOf(target)) rooms.get(roomOf(file)).add(roomOf(target));
  return rooms;
}

/** @returns Groups of more than one in which each reaches each other (Tarjan's strongly connected components). */
export function circlesOf(arrows) {
  const number = new Map();
  const lowest = new Map();
  const path = [];
  const circles = [];
  const visit = (from) => {
    number.set(from, number.size);
    lowest.set(from, number.get(from));
    path.push(from);
    for (const to of arrows.get(from)) {
      if (!number.has(to)) visit(to);
      if (path.includes(to)) lowest.set(from, Math.min(lowest.get(from), lowest.get(to)));
    }
    if (lowest.get(from) !== number.get(from)) return;
    const circle = path.splice(path.indexOf(from));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const from of arrows.keys()) if (!number.has(from)) visit(from);
  return circles;
}
