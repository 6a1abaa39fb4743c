/** The place of the company on the open board: its code comes after the first paint. */
import type { Company } from './company.svelte.ts';

export class CompanySlot {
  /** Null until it is there. */
  current = $state.raw<Company | null>(null);
}
