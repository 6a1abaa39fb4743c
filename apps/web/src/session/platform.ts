/** The few facts about the machine that change what is shown. */

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** True where the page may use service workers, Web Locks and the clipboard: https and localhost. */
export const isSecure = window.isSecureContext;
