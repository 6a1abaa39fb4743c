// Run by the package manager after an install: commits made in this clone are checked by the hooks in .githooks.
import { spawnSync } from 'node:child_process';

// Without git, or in an archive of the sources, there is nothing to set.
spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { stdio: 'ignore' });
