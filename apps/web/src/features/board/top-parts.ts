/** The parts of the bars at the top, for these bars: they are late parts themselves, listed in parts.ts. */
export const topParts = {
  bell: () => import('../inbox/Bell.svelte'),
  menu: () => import('./Menu.svelte'),
  people: () => import('../people/PeoplePanel.svelte'),
  status: () => import('./StatusDetail.svelte'),
} as const;
