/** Makes the company of the open board, and the exchange of its people's pictures, for the component that is there as long as they. */
import { scheduleTimeout } from '../browser/timers.ts';
import { FaceExchange } from '../session/face-exchange.ts';
import { getBoardContext } from './board-context.ts';
import { Company } from './company.svelte.ts';
import { getApp } from './context.ts';
import { getSession } from './open-session.ts';

/** While the component is being made. */
export function keepCompany(): void {
  const session = getSession();
  const { view, people, company: slot } = getBoardContext();
  const { toasts } = getApp();
  $effect(() => {
    const { stage } = view;
    if (stage === null) return;
    const company = new Company({ session, stage, people, toasts });
    slot.current = company;
    return () => {
      slot.current = null;
      company.close();
    };
  });
}

/** While the component is being made. */
export function keepFaces(): void {
  const session = getSession();
  const { people } = getBoardContext();
  const { faces, me } = getApp();
  $effect(() => {
    const exchange = new FaceExchange({ session, now: () => performance.now(), schedule: scheduleTimeout });
    const end = faces.begin(exchange, people);
    $effect(() => exchange.setMine(me.isPictureGiven || me.id !== session.me.id ? null : me.chosenPicture));
    return () => {
      end();
      exchange.close();
    };
  });
}
