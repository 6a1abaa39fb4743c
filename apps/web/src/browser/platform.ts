/** The few facts about the machine that change the interface. */

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
