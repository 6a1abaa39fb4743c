/**
 * The parts of the page: which rows a part shows, and what an admin can do with a row. Data and words only; list.js puts
 * them on the page.
 *
 * @typedef {{ lead?: string, text: string, small?: string, isBad?: boolean }} Cell
 * @typedef {{ label: string, cell: (row: any) => Cell, isNumber?: boolean }} Column
 * @typedef {{ label: string, question: string, path: string, method: string, done: string }} Action
 * @typedef {{
 *   id: string,
 *   title: string,
 *   rows: string,
 *   path: string,
 *   search?: { name: string, label: string },
 *   filter?: { name: string, label: string },
 *   columns: Column[],
 *   actions: (row: any) => Action[],
 *   empty: string,
 *   note?: string,
 * }} View
 */

import { bytesInWords, durationInWords, timeInWords } from './words.js';

/** @param {{ id: string, name?: string } | null} person @returns {Cell} */
function person(person) {
  if (person === null) return { text: 'without an id' };
  return person.name === undefined ? { text: person.id } : { text: person.name, small: person.id };
}

/** @param {{ id: string, name?: string }} person */
function called({ id, name }) {
  return name === undefined ? id : `${name} (${id})`;
}

/** @param {{ id: string, name?: string }} user @param {string} action */
const pathOf = ({ id }, action) => `/v1/users/${encodeURIComponent(id)}/${action}`;

/** @param {{ id: string, name?: string }} user @returns {Action} */
const sendAway = (user) => ({
  label: 'Send away',
  question: `Close all connections of ${called(user)}? The person may come back at once.`,
  method: 'POST',
  path: pathOf(user, 'disconnect'),
  done: `${called(user)} was sent away.`,
});

/** @type {View} */
const people = {
  id: 'people',
  title: 'People',
  rows: 'users',
  path: '/v1/users',
  search: { name: 'search', label: 'Find by name or id' },
  filter: { name: 'suspended', label: 'Suspended only' },
  columns: [
    { label: 'Person', cell: person },
    { label: 'Last here', cell: ({ lastSeenAt }) => ({ text: timeInWords(lastSeenAt ?? null) }) },
    { label: 'State', cell: ({ isSuspended }) => (isSuspended ? { text: 'suspended', isBad: true } : { text: '' }) },
  ],
  actions: (user) => [
    user.isSuspended
      ? {
          label: 'End suspension',
          question: `Let ${called(user)} in again?`,
          method: 'POST',
          path: pathOf(user, 'resume'),
          done: `${called(user)} may come back.`,
        }
      : {
          label: 'Suspend',
          question: `Suspend ${called(user)}? The person is sent away and enters no board until you end it.`,
          method: 'POST',
          path: pathOf(user, 'suspend'),
          done: `${called(user)} is suspended.`,
        },
    sendAway(user),
  ],
  empty: 'Nobody is found.',
};

/** @type {View} */
const boards = {
  id: 'boards',
  title: 'Boards',
  rows: 'boards',
  path: '/v1/admin/boards',
  search: { name: 'prefix', label: 'Find by the beginning of the id' },
  columns: [
    { label: 'Board', cell: ({ id }) => ({ text: id }) },
    {
      label: 'Owner',
      cell: ({ owner, everyone }) => (owner === null && everyone === null ? { text: 'damaged', isBad: true } : person(owner)),
    },
    { label: 'Everyone', cell: ({ everyone }) => ({ text: everyone ?? '' }) },
    { label: 'Links', isNumber: true, cell: ({ links }) => ({ text: links === null ? '' : String(links) }) },
    { label: 'Made', cell: ({ createdAt }) => ({ text: timeInWords(createdAt) }) },
    { label: 'People', isNumber: true, cell: (row) => ({ text: String(row.people) }) },
    { label: 'Connections', isNumber: true, cell: (row) => ({ text: String(row.connections) }) },
  ],
  actions: ({ id }) => [erasure(id, 'board')],
  empty: 'No board is found.',
};

/** @param {string} room @param {string} noun @returns {Action} */
function erasure(room, noun) {
  return {
    label: 'Erase',
    question: `Erase the ${noun} ${room} for good? Its drawing, pictures and chat are gone everywhere, and its name is never used again.`,
    method: 'DELETE',
    path: `/v1/rooms/${encodeURIComponent(room)}`,
    done: `${room} was erased.`,
  };
}

/** @type {View} */
const rooms = {
  id: 'rooms',
  title: 'Open rooms',
  rows: 'rooms',
  path: '/v1/admin/rooms',
  columns: [
    { label: 'Room', cell: ({ room, nodes }) => ({ text: room, ...(nodes.length > 0 ? { small: `also on ${nodes.join(', ')}` } : {}) }) },
    { label: 'State', cell: ({ state }) => ({ text: state, isBad: state === 'failed' }) },
    { label: 'People', isNumber: true, cell: (row) => ({ text: String(row.people) }) },
    { label: 'Connections', isNumber: true, cell: (row) => ({ text: String(row.connections) }) },
    { label: 'Document', isNumber: true, cell: ({ documentBytes }) => ({ text: bytesInWords(documentBytes) }) },
    {
      label: 'Unsaved',
      isNumber: true,
      cell: ({ unsavedBytes }) => ({ text: bytesInWords(unsavedBytes), isBad: unsavedBytes > 1_000_000 }),
    },
  ],
  actions: ({ room }) => [erasure(room, 'room')],
  empty: 'No room is open on this relay.',
  note: 'Rooms in memory on this relay.',
};

/** @type {View} */
const connections = {
  id: 'connections',
  title: 'Connections',
  rows: 'connections',
  path: '/v1/admin/connections',
  search: { name: 'room', label: 'Find by the room’s whole name' },
  columns: [
    { label: 'Person', cell: ({ user }) => person(user) },
    { label: 'Room', cell: ({ room }) => ({ text: room }) },
    { label: 'Role', cell: ({ role }) => ({ text: role === '' ? 'entering' : role }) },
    { label: 'Address', cell: ({ ip, userAgent }) => ({ text: ip, small: userAgent }) },
    { label: 'Open for', isNumber: true, cell: ({ durationMs }) => ({ text: durationInWords(durationMs) }) },
  ],
  actions: ({ user }) => (user === null ? [] : [sendAway(user)]),
  empty: 'No connection is open on this relay.',
  note: 'Connections to this relay.',
};

/** @type {readonly View[]} */
export const views = [people, boards, rooms, connections];
