/** Props of a button with a list or a card under it, both before and after the card's code is fetched. */
import type { Snippet } from 'svelte';

export interface PopoverProps {
  /** Label of the card, for screen readers. */
  label: string;
  /** The button's classes. */
  look: string;
  align: 'start' | 'end';
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onOpenAutoFocus?: (event: Event) => void;
  'data-testid': string;
  /** Content of the button. */
  trigger: Snippet;
  /** Content of the card. */
  children: Snippet;
}
