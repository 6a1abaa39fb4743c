/** The list of pages, for the button that opens it: both are late parts themselves, listed in parts.ts. */
export const pageParts = {
  pageList: () => import('./PageList.svelte'),
} as const;
