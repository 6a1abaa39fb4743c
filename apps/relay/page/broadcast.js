/** The form for a notification to everyone, and how far it has come. */

import { call, CallFailure } from './api.js';
import { make } from './dom.js';
import { counted } from './words.js';

const LOOK_AGAIN_MS = 1_000;
/** Characters, as the relay allows: see `readContent` in apps/relay/src/admin/notify.ts. */
const MAX_TITLE = 200;
const MAX_TEXT = 280;

/**
 * The form, once it was shown: another part of the page and back loses neither its text nor the key of a call that got no
 * answer, nor does a token that ended. Null: none yet, or the person signed out.
 *
 * @type {{ parts: Node[] } | null}
 */
let form = null;

/**
 * @typedef {{
 *   ask: (question: string, yes: string) => Promise<boolean>,
 *   onDone: (text: string) => void,
 *   onFailure: (error: unknown) => void,
 * }} Surroundings
 */

/** @param {HTMLElement} place Is emptied first. @param {Surroundings} surroundings */
export function showBroadcast(place, surroundings) {
  form ??= makeForm(surroundings);
  place.replaceChildren(...form.parts);
}

/** The next person who signs in begins with an empty form. */
export function forgetBroadcast() {
  form = null;
}

/** @param {Surroundings} surroundings @returns {{ parts: Node[] }} */
function makeForm({ ask, onDone, onFailure }) {
  const title = make('input', { id: 'broadcast-title', maxlength: String(MAX_TITLE), autocomplete: 'off' });
  const text = make('textarea', { id: 'broadcast-text', maxlength: String(MAX_TEXT), rows: '4', required: true });
  const link = make('input', { id: 'broadcast-link', inputmode: 'url', autocomplete: 'off', placeholder: 'https://…' });
  const except = make('textarea', { id: 'broadcast-except', rows: '2', spellcheck: 'false' });
  const send = make('button', { type: 'submit', class: 'primary' }, 'Send to everyone');
  const progress = make('p', { class: 'hint', role: 'status' });
  /** The same text under the same key: a press repeated after no answer notifies nobody twice. */
  let sent = { content: '', key: '' };
  let isSending = false;
  /** The focus stays on the button, which `disabled` would take away. @param {boolean} isOn */
  const setSending = (isOn) => {
    isSending = isOn;
    send.setAttribute('aria-disabled', String(isOn));
  };

  const submit = async () => {
    if (isSending) return;
    const content = {
      title: title.value.trim(),
      text: text.value.trim(),
      link: link.value.trim(),
      except: except.value.split(/\s+/).filter((id) => id !== ''),
    };
    const count = content.except.length;
    const leftOut = count === 0 ? '' : ` Left out: ${count === 1 ? '1 person' : `${count} people`}.`;
    if (!(await ask(`Notify everyone whom this relay has seen: “${content.title || content.text}”?${leftOut}`, 'Send'))) return;
    setSending(true);
    try {
      const written = JSON.stringify(content);
      if (sent.content !== written) sent = { content: written, key: randomKey() };
      const { broadcast } = await call('POST', '/v1/broadcast', content, sent.key);
      sent = { content: '', key: '' };
      for (const field of [title, text, link, except]) field.value = '';
      await follow(broadcast);
    } catch (error) {
      onFailure(error);
    } finally {
      setSending(false);
    }
  };
  /** @param {any} broadcast */
  const follow = async (broadcast) => {
    let now = broadcast;
    while (now.state === 'running') {
      progress.textContent = `On its way: ${inWords(now)} so far. It goes on if you leave this page.`;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      if (form !== made) return; // signed out
      try {
        ({ broadcast: now } = await call('GET', `/v1/broadcast/${encodeURIComponent(now.id)}`));
      } catch (error) {
        // No answer: the relay goes on with it once it is back.
        if (!(error instanceof CallFailure && (error.status === 0 || error.status >= 500))) throw error;
      }
    }
    progress.textContent = '';
    if (now.state === 'done') onDone(`Sent: ${inWords(now)}.`);
    else onFailure(new CallFailure(0, '', `The broadcast ended early: ${inWords(now)}. The relay’s log says why.`));
  };

  const parts = [
    make('h2', {}, 'Broadcast'),
    make(
      'p',
      { class: 'hint' },
      'A notification in the inbox of everyone whom this relay has seen. People who turned news off do not get it.',
    ),
    make(
      'form',
      {
        class: 'fields',
        submit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          void submit();
        },
      },
      make('label', { for: 'broadcast-title' }, 'Title (optional)'),
      title,
      make('label', { for: 'broadcast-text' }, 'Text'),
      text,
      make('label', { for: 'broadcast-link' }, 'Link (optional)'),
      link,
      make('label', { for: 'broadcast-except' }, 'Leave out (user ids, one per line, optional)'),
      except,
      make('div', { class: 'row' }, send),
    ),
    progress,
  ];
  const made = { parts };
  return made;
}

/** Not `randomUUID`, which a page on plain http lacks. */
function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {{ people: number, written: number, failed: number }} broadcast */
function inWords({ people, written, failed }) {
  return `${counted(written, 'notification')} written; ${people.toLocaleString()} ${people === 1 ? 'person' : 'people'} checked${failed === 0 ? '' : `; ${failed.toLocaleString()} not reached`}`;
}
