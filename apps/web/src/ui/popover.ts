/** What a button with a list or a card under it is given, before and after the code of the card is here. */
import type { Snippet } from 'svelte';

export interface PopoverProps {
  /** Of the card, for screen readers. */
  label: string;
  /** The button's classes. */
  look: string;
  align: 'start' | 'end';
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onOpenAutoFocus?: (event: Event) => void;
  'data-testid': string;
  /** What stands on the button. */
  trigger: Snippet;
  /** What the card holds. */
  children: Snippet;
}
