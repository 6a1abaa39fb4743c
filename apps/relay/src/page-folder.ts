/** The folder of the operator page, beside the folder of this file in sources, in a build and in a bundle. */

import { fileURLToPath } from 'node:url';

export const pageFolder = fileURLToPath(new URL('../page/', import.meta.url));
