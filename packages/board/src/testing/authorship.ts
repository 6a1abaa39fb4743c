/**
 * The authors of all values, recorded beside the board and independently of its tags: every written value carries its author's number.
 */
import { fields, fieldList, type Field } from '../document/fields.ts';
import type { ElementId } from '../types.ts';
import type { Insight } from './insight.ts';
import type { TypingOracle } from './typing-oracle.ts';

export class Authorship {
  readonly #makers = new Map<ElementId, number>();
  readonly #orderAuthors = new Map<string, Set<number>>();
  readonly #groupAuthors = new Map<string, Set<number>>();
  readonly #pageAuthors = new Map<string, Set<number>>();

  /** People who brought an element back: undo of that hides it again. */
  readonly #restorers = new Map<ElementId, Set<number>>();

  restored(ids: readonly ElementId[], author: number): void {
    for (const id of ids) this.#restorers.set(id, (this.#restorers.get(id) ?? new Set()).add(author));
  }

  made(id: ElementId, author: number): void {
    this.#makers.set(id, author);
  }

  makerOf(id: ElementId): number {
    return this.#makers.get(id) ?? 0;
  }

  /** `author` reordered `ids`. A neighbour that made room got a new key, but its place keeps its author. */
  reordered(ids: readonly ElementId[], author: number, before: Insight, after: Insight, field: Field = fields.z): void {
    for (const id of after.ids) {
      const key = after.value(field, id);
      const old = before.value(field, id);
      if (key === null || key === old) continue;
      const authors = this.#orderAuthors.get(`${id} ${String(key)}`) ?? new Set();
      if (ids.includes(id)) authors.add(author);
      else for (const other of this.#authorsOf(field, id, old)) authors.add(other);
      this.#orderAuthors.set(`${id} ${String(key)}`, authors);
    }
  }

  /** `author` put things into groups, or took them out. */
  grouped(author: number, before: Insight, after: Insight): void {
    for (const id of after.ids) {
      const group = after.value(fields.parent, id);
      if (group === before.value(fields.parent, id)) continue;
      const name = `${id} ${String(group)}`;
      this.#groupAuthors.set(name, (this.#groupAuthors.get(name) ?? new Set()).add(author));
    }
  }

  /** `author` moved elements to pages. */
  paged(author: number, before: Insight, after: Insight): void {
    for (const id of after.ids) {
      const page = after.value(fields.page, id);
      if (page === before.value(fields.page, id)) continue;
      const name = `${id} ${String(page)}`;
      this.#pageAuthors.set(name, (this.#pageAuthors.get(name) ?? new Set()).add(author));
    }
  }

  /** P2: an undo or redo changes only what its author wrote, element by element and field by field. */
  checkValues(op: 'undo' | 'redo', author: number, before: Insight, after: Insight): void {
    for (const id of before.ids) {
      for (const field of fieldList) {
        const [was, is] = [before.value(field, id), after.value(field, id)];
        if (field === fields.lock || field === fields.txt || JSON.stringify(was) === JSON.stringify(is)) continue;
        const authors = this.#authorsOf(field, id, op === 'undo' ? was : is);
        if (!authors.has(author)) throw new Error(`P2 ${op} by ${author} changed ${field.root} of ${id}`);
      }
    }
  }

  /** P2: an undo hides only elements that its author made and nobody else has worked on. */
  checkHidden(author: number, before: Insight, after: Insight, typing: TypingOracle, texts: ReadonlyMap<ElementId, string>): void {
    for (const id of before.ids) {
      if (!before.isThere(id) || after.isThere(id) || this.#restorers.get(id)?.has(author) === true) continue;
      if (this.makerOf(id) !== author) throw new Error(`P2 undo by ${author} hid what another made`);
      for (const field of fieldList) {
        const others = [...this.#authorsOf(field, id, before.value(field, id))].filter((other) => other !== author);
        if (others.length > 0 && field !== fields.z && field !== fields.pageOrder)
          throw new Error('P2 undo hid what another had worked on');
      }
      for (const member of before.ids) {
        if (before.value(fields.parent, member) !== id) continue;
        const others = [...this.#authorsOf(fields.parent, member, id)].filter((other) => other !== author);
        if (others.length > 0 && !this.#authorsOf(fields.parent, member, id).has(author)) {
          throw new Error(`P2 undo hid a group that ${others.join()} put something into`);
        }
      }
      for (const on of before.elements.order.elements()) {
        if (on.page !== id || !after.isThere(on.id)) continue;
        const named = before.value(fields.page, on.id);
        const authors = named === null ? new Set([this.makerOf(on.id)]) : this.#authorsOf(fields.page, on.id, named);
        if (!authors.has(author)) throw new Error(`P2 undo hid a page that ${[...authors].join()} put something on`);
      }
      const typists = typing.othersIn(id, texts.get(id) ?? '', author);
      if (typists.length > 0) throw new Error(`P2 undo hid what ${typists.join()} typed`);
    }
  }

  /** Authors of a value; empty for a value set at creation and for values that carry no author's number. */
  #authorsOf(field: Field, id: ElementId, value: unknown): ReadonlySet<number> {
    if (value === null || field === fields.lock || field === fields.txt) return new Set();
    if (field === fields.parent) return this.#groupAuthors.get(`${id} ${String(value)}`) ?? new Set();
    if (field === fields.page) return this.#pageAuthors.get(`${id} ${String(value)}`) ?? new Set();
    if (field === fields.pageName) return new Set([Number((value as string)[0])]);
    if (field === fields.geo) return new Set([(value as number[])[0] as number]);
    if (field === fields.color) return new Set([Number((value as string)[2])]);
    if (field === fields.alt || field === fields.title) return new Set([Number((value as string)[0])]);
    if (field === fields.width) return new Set([Math.floor(value as number) - 4]);
    return this.#orderAuthors.get(`${id} ${String(value)}`) ?? new Set([this.makerOf(id)]);
  }
}
