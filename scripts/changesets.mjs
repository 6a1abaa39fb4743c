// A published package that changed in a way its users can notice has a changeset. Part of `npm run check`. `changeset status`
// asks for one after every change, tests included, and needs a newer Node than this repository.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const noticeable = /^(feat|fix|perf|revert)(\(|!?:)|^[^:]*!:/;
const published = /^src\/(?!.*(\.(test|bench)\.ts$|(^|\/)fixtures\/))/;

/** @returns Whether users of a package can notice a commit: by its type, or because it touches an entry of the package. */
export function isNoticed({ subject, files }, { folder, entries }) {
  const own = files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1));
  return own.some((file) => entries.includes(file) || (noticeable.test(subject) && published.test(file)));
}

/** @returns Names of the packages that a changeset raises. */
export function packagesOf(changeset) {
  const [, front = ''] = changeset.match(/^---\n([\s\S]*?)\n---/) ?? [];
  return [...front.matchAll(/^["']?([^"':]+)["']?: *(?:major|minor|patch)/gm)].map(([, name]) => name);
}

/**
 * Looks at the commits of this branch; on main, and in a clone without main, at those since the package's version
 * or the settings of changesets were written.
 * @returns A sentence for each package that lacks a changeset.
 */
export function missingChangesets(directory = root) {
  const git = (...args) => execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: 'pipe' }).trim();
  const lines = (text) => text.split('\n').filter(Boolean);
  const branchedAt = branchPoint(git);
  const changesets = branchedAt
    ? lines(`${git('diff', '--name-only', '--diff-filter=d', branchedAt, '--', '.changeset')}
${git('ls-files', '--others', '--exclude-standard', '.changeset')}`)
    : readdirSync(join(directory, '.changeset')).map((file) => `.changeset/${file}`);
  const named = new Set(
    changesets.filter((file) => file.endsWith('.md')).flatMap((file) => packagesOf(readFileSync(join(directory, file), 'utf8'))),
  );
  return readdirSync(join(directory, 'packages')).flatMap((name) => {
    const folder = `packages/${name}`;
    const manifest = JSON.parse(readFileSync(join(directory, folder, 'package.json'), 'utf8'));
    const entries = Object.values(manifest.exports ?? {}).flatMap(({ '@wetink/source': source, default: built }) =>
      source && built ? [source.slice(2)] : [],
    );
    const from =
      branchedAt ?? git('log', '-1', '--format=%H', '-G"(version|baseBranch)":', '--', `${folder}/package.json`, '.changeset/config.json');
    const commits = git('log', '--no-merges', '--format=%x00%s', '--name-only', from ? `${from}..HEAD` : 'HEAD', '--', folder);
    const found = commits
      .split('\0')
      .map(lines)
      .find(([subject = '', ...files]) => isNoticed({ subject, files }, { folder, entries }));
    return found === undefined || named.has(manifest.name) ? [] : [`${manifest.name} has no changeset for "${found[0]}"`];
  });
}

/** @returns The commit at which this branch left main; null on main itself, and where neither main nor origin/main is there. */
function branchPoint(git) {
  for (const main of ['main', 'origin/main'])
    try {
      const base = git('merge-base', 'HEAD', main);
      if (base !== git('rev-parse', 'HEAD')) return base;
    } catch {
      // A clone of one branch has no main.
    }
  return null;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const missing = missingChangesets();
  for (const sentence of missing) console.error(`${sentence}: add a file to .changeset, its README.md says how`);
  process.exit(missing.length === 0 ? 0 : 1);
}
