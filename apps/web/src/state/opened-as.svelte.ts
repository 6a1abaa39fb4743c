/**
 * Whose board is open. A board is opened anew for another person, but not for a person whose sign-in has ended: what they
 * have not sent yet stays in view, and is sent once they are signed in again.
 */
import type { AppContext } from './context.ts';

/** While a component is being made. @returns The person's id, for the board that is open. */
export function openedAs({ account, me }: Pick<AppContext, 'me'> & { account: { readonly signIn: unknown } }): () => string {
  let last = '';
  const id = $derived.by(() => {
    const now = me.id;
    if (last === '' || account.signIn === null) last = now;
    return last;
  });
  return () => id;
}
