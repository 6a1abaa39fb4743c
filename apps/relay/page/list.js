/** Shows one part of the page: a search, a table in pages, and what an admin can do with each row. */

import { call } from './api.js';
import { make } from './dom.js';

const ROWS_PER_PAGE = 25;

/**
 * @param {HTMLElement} place Is emptied first.
 * @param {import('./views.js').View} view
 * @param {{
 *   canChange: boolean,
 *   ask: (question: string, yes: string) => Promise<boolean>,
 *   onDone: (text: string) => void,
 *   onFailure: (error: unknown) => void,
 * }} surroundings
 */
export function showList(place, view, { canChange, ask, onDone, onFailure }) {
  /** Cursors of the pages up to the one that is shown; '' is the first. */
  const cursors = [''];
  /** Number of the newest question: an answer to an older one is not shown. */
  let asked = 0;

  const search = make('input', { type: 'search', 'aria-label': view.search?.label ?? '', placeholder: view.search?.label ?? '' });
  const filter = make('input', { type: 'checkbox' });
  const table = make('div');
  const before = make('button', { type: 'button', click: () => turn(-1) }, 'Previous page');
  const next = make('button', { type: 'button', click: () => turn(1) }, 'Next page');
  const refresh = make('button', { type: 'button', click: () => void load() }, 'Refresh');
  let cursorOfNext = '';

  const load = async () => {
    const mine = (asked += 1);
    const query = new URLSearchParams({ limit: String(ROWS_PER_PAGE) });
    const cursor = cursors.at(-1) ?? '';
    if (cursor !== '') query.set('cursor', cursor);
    if (view.search !== undefined && search.value.trim() !== '') query.set(view.search.name, search.value.trim());
    if (view.filter !== undefined && filter.checked) query.set(view.filter.name, 'true');
    try {
      const answer = await call('GET', `${view.path}?${query}`);
      if (mine !== asked) return;
      cursorOfNext = answer.cursor ?? '';
      show(answer[view.rows]);
    } catch (error) {
      if (mine === asked) onFailure(error);
    }
  };
  /** @param {number} step */
  const turn = (step) => {
    if (step < 0) cursors.pop();
    else cursors.push(cursorOfNext);
    void load();
  };
  const again = () => {
    cursors.length = 1;
    void load();
  };
  /** @param {any[]} rows */
  const show = (rows) => {
    table.replaceChildren(rows.length === 0 ? make('p', { class: 'empty' }, view.empty) : tableOf(rows));
    before.disabled = cursors.length === 1;
    next.disabled = cursorOfNext === '';
  };
  /** @param {any[]} rows */
  const tableOf = (rows) => {
    const heads = view.columns.map(({ label, isNumber }) => make('th', { scope: 'col', class: isNumber ? 'number' : false }, label));
    if (canChange) heads.push(make('th', { scope: 'col' }, 'Actions'));
    const body = rows.map((row) => {
      const cells = view.columns.map(({ label, cell, isNumber }, column) => {
        const { text, small, isBad } = cell(row);
        const parts = [make('span', { class: isBad === true ? 'bad' : false }, text)];
        if (small !== undefined) parts.push(make('br'), make('span', { class: 'small' }, small));
        // A card on a phone leaves out an empty cell.
        const holder = text === '' ? '' : make('div', {}, ...parts);
        const classes = isNumber ? 'number' : false;
        return column === 0
          ? make('th', { scope: 'row', 'data-label': label, class: classes }, holder)
          : make('td', { 'data-label': label, class: classes }, holder);
      });
      if (canChange) cells.push(make('td', { 'data-label': 'Actions' }, make('div', { class: 'row' }, ...view.actions(row).map(buttonOf))));
      return make('tr', {}, ...cells);
    });
    return make('table', {}, make('caption', {}, view.title), make('thead', {}, make('tr', {}, ...heads)), make('tbody', {}, ...body));
  };
  /** @param {import('./views.js').Action} action */
  const buttonOf = ({ label, question, method, path, done }) => {
    let isBusy = false;
    /** The focus stays on the button, which `disabled` would take away. @param {boolean} isOn */
    const setBusy = (isOn) => {
      isBusy = isOn;
      button.setAttribute('aria-disabled', String(isOn));
    };
    const press = async () => {
      if (isBusy || !(await ask(question, label))) return;
      setBusy(true);
      try {
        await call(method, path);
        onDone(done);
        const index = rowOf(button);
        await load();
        if (document.activeElement === document.body) focusRow(index);
      } catch (error) {
        onFailure(error);
      } finally {
        setBusy(false);
      }
    };
    const button = make(
      'button',
      { type: 'button', class: label === 'End suspension' ? false : 'danger', click: () => void press() },
      label,
    );
    return button;
  };

  const bodyRows = () => [...table.querySelectorAll('tbody tr')];
  /** @param {Element} button */
  const rowOf = (button) => bodyRows().findIndex((row) => row.contains(button));
  /** The row that took the place of one that is gone; without one, where the list is asked for again. @param {number} index */
  const focusRow = (index) => {
    const rows = bodyRows();
    const next = rows[Math.min(index, rows.length - 1)]?.querySelector('button') ?? refresh;
    next.focus();
  };
  search.addEventListener('change', again);
  filter.addEventListener('change', again);
  const tools = make('div', { class: 'tools' });
  if (view.search !== undefined) tools.append(search);
  if (view.filter !== undefined) tools.append(make('label', {}, filter, view.filter.label));
  tools.append(refresh);
  const pages = make('div', { class: 'tools' }, before, next);
  place.replaceChildren(
    make('h2', {}, view.title),
    ...(view.note === undefined ? [] : [make('p', { class: 'hint' }, view.note)]),
    tools,
    table,
    pages,
  );
  before.disabled = next.disabled = true;
  void load();
}
