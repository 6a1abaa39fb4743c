import { expect, it } from 'vitest';
import { whileBusy } from './while-busy.ts';

it('a button that is busy is said to be, is not pressed, and sends no form', () => {
  let presses = 0;
  const press = (isBusy: boolean): boolean => {
    const event = new Event('click', { cancelable: true });
    whileBusy(isBusy, () => (presses += 1)).onclick(event);
    return event.defaultPrevented;
  };
  expect([press(false), presses, whileBusy(false)['aria-disabled']]).toEqual([false, 1, undefined]);
  expect([press(true), presses, whileBusy(true)['aria-disabled']]).toEqual([true, 1, 'true']);
  whileBusy(false).onclick(new Event('click'));
  expect(presses).toBe(1);
});
