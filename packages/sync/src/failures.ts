/**
 * Texts for the codes in a status: the table of the wire, here because an application that shows a status needs it. It is
 * an entry of its own, so that an application with sentences of its own carries none of these.
 */
export { errors, labels, reasonLabels, reasons } from '@wetink/protocol';
export type { Advice, ErrorName, ErrorRow, Reason, Role, Told } from '@wetink/protocol';
