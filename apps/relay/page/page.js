/**
 * The operator page: signs in with a token, shows who is here and what is open, and lets an admin change it. A support sees
 * the same without buttons. Each change asks first.
 */

import { call, CallFailure, fetchToken, keepToken, tokenAddress, tokenOfTab } from './api.js';
import { forgetBroadcast, showBroadcast } from './broadcast.js';
import { byId, make } from './dom.js';
import { showList } from './list.js';
import { views } from './views.js';
import { bytesInWords, counted, durationInWords } from './words.js';

const STATUS_MS = 10_000;
const BROADCAST = { id: 'broadcast', title: 'Broadcast' };
/** Role of the operator; '' when nobody is signed in. */
let role = '';

/** Signs in with the token of this tab. @returns {Promise<boolean>} */
async function enter() {
  try {
    const status = await call('GET', '/v1/admin/status');
    ({ role } = status);
    showStatus(status);
  } catch (error) {
    fail(error);
    return false;
  }
  byId('failure').textContent = '';
  byId('signing-in').hidden = true;
  byId('signed-in').hidden = byId('sign-out').hidden = false;
  openTab(tabs().find(({ id }) => id === location.hash.slice(1))?.id ?? 'people');
  return true;
}

function leave() {
  keepToken('');
  role = '';
  byId('view').replaceChildren();
  byId('about').textContent = byId('notice').textContent = '';
  byId('signed-in').hidden = byId('sign-out').hidden = true;
  byId('signing-in').hidden = false;
  byId('token').value = '';
  byId('token').focus();
}

/** @param {any} status */
function showStatus({ version, node, uptimeMs, rooms, connections, unsavedBytes }) {
  const parts = [
    `${role}`,
    `version ${version}`,
    ...(node === null ? [] : [`node ${node}`]),
    `up ${durationInWords(uptimeMs)}`,
    counted(rooms, 'open room'),
    counted(connections, 'connection'),
    `${bytesInWords(unsavedBytes)} unsaved`,
  ];
  byId('about').textContent = parts.join(' · ');
}

/** @returns {readonly { id: string, title: string }[]} A support sends nothing to everyone. */
function tabs() {
  return role === 'admin' ? [...views, BROADCAST] : views;
}

/** @param {string} id */
function openTab(id) {
  history.replaceState(null, '', `#${id}`);
  byId('notice').textContent = byId('failure').textContent = '';
  byId('tabs').replaceChildren(
    ...tabs().map((known) =>
      make('button', { type: 'button', 'aria-current': known.id === id ? 'page' : false, click: () => focusTab(known.id) }, known.title),
    ),
  );
  const surroundings = { canChange: role === 'admin', ask, onDone: tell, onFailure: fail };
  const view = views.find((known) => known.id === id);
  if (view === undefined) showBroadcast(byId('view'), surroundings);
  else showList(byId('view'), view, surroundings);
}

/** As `openTab`, and the pressed button keeps the focus. @param {string} id */
function focusTab(id) {
  openTab(id);
  byId('tabs').querySelector('[aria-current]')?.focus();
}

/** @param {string} text */
function tell(text) {
  byId('failure').textContent = '';
  byId('notice').textContent = text;
}

/** @param {unknown} error */
function fail(error) {
  byId('notice').textContent = '';
  byId('failure').textContent = error instanceof CallFailure ? error.message : String(error);
  // The token ended, or the person lost the role.
  if (error instanceof CallFailure && error.code === 'not_allowed' && role !== '') leave();
}

/** @param {string} question @param {string} yes Text of the button. @returns {Promise<boolean>} */
function ask(question, yes) {
  const dialog = byId('question');
  byId('question-text').textContent = question;
  byId('question-yes').textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

async function useAccount() {
  const token = await fetchToken();
  if (token === null) return fail(new CallFailure(0, '', 'You are not signed in at the site that gives tokens. Sign in there first.'));
  keepToken(token, { isOfAccount: true });
  if (!(await enter())) keepToken('');
}

/** @param {SubmitEvent} event */
async function useToken(event) {
  event.preventDefault();
  keepToken(byId('token').value.trim());
  if (await enter()) byId('token').value = '';
  else keepToken('');
}

async function refreshStatus() {
  if (role === '' || document.hidden) return;
  try {
    showStatus(await call('GET', '/v1/admin/status'));
  } catch (error) {
    fail(error);
  }
}

byId('token-form').addEventListener('submit', (/** @type {SubmitEvent} */ event) => void useToken(event));
byId('fetch-token').addEventListener('click', () => void useAccount());
byId('sign-out').addEventListener('click', () => {
  forgetBroadcast();
  leave();
});
setInterval(() => void refreshStatus(), STATUS_MS);
if (tokenOfTab() === '' || !(await enter())) {
  byId('signing-in').hidden = false;
  byId('token').focus();
}
byId('fetch-token').hidden = (await tokenAddress()) === null;
