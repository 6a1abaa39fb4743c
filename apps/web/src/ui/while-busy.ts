/**
 * Attributes of a button that can't be pressed for a while. It keeps the focus, which `disabled` would take away: a keyboard
 * would begin again at the top of the page. Of a form, it does not send that either.
 *
 * @param press Undefined for the button of a form.
 */
export function whileBusy(isBusy: boolean, press?: () => unknown) {
  return {
    'aria-disabled': isBusy ? ('true' as const) : undefined,
    onclick(event: Event): void {
      if (isBusy) event.preventDefault();
      else press?.();
    },
  };
}
