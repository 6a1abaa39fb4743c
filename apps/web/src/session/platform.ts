/** The few facts about the machine that change what is shown. */

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
