/**
 * How boards and their members are written into records: JSON under these keys. An unreadable record is an error, never
 * "no such board": a damaged record must not open anything.
 *
 *     board/ID                BoardFacts
 *     member/ID/USER          MemberFacts
 *
 * ID has no slash, so USER may be anything.
 */

import type { StoredRecord } from '@wetink/storage';
import type { BoardFacts, BoardLink, Everyone, GivenRole, MemberFacts } from './roles.ts';

/** 16 unguessable bytes, as base64url. */
const BOARD_ID = /^[A-Za-z0-9_-]{22}$/;
/** Read in the place of an invalid board id: costs the same reads, and no board can have it. */
export const NO_BOARD = '.'.repeat(22);

export function isBoardId(text: string): boolean {
  return BOARD_ID.test(text);
}

export function boardKey(board: string): string {
  return `board/${board}`;
}

export function membersPrefix(board: string): string {
  return `member/${board}/`;
}

export function memberKey(board: string, userId: string): string {
  return membersPrefix(board) + userId;
}

export function encodeFacts(facts: BoardFacts | MemberFacts): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(facts));
}

/** @throws {Error} When it is not a valid record of a board. */
export function decodeBoard({ key, value }: StoredRecord): BoardFacts {
  const { owner, createdAt, everyone, links, conversation } = fieldsOf(key, value);
  if (!(conversation === undefined || typeof conversation === 'string')) throw damaged(key);
  if (
    typeof owner !== 'string' ||
    (owner === '') !== (conversation !== undefined) ||
    typeof createdAt !== 'number' ||
    !isEveryone(everyone) ||
    !Array.isArray(links)
  )
    throw damaged(key);
  const facts = { owner, createdAt, everyone, links: links.map((link: unknown) => linkOf(key, link)) };
  return conversation === undefined ? facts : { ...facts, conversation };
}

/** @throws {Error} When it is not a valid record of a member. */
export function decodeMember({ key, value }: StoredRecord): MemberFacts {
  const { role, link, isRemoved, since } = fieldsOf(key, value);
  if (typeof since !== 'number') throw damaged(key);
  if (!(role === undefined || isGivenRole(role)) || !(link === undefined || typeof link === 'string')) throw damaged(key);
  if (!(isRemoved === undefined || isRemoved === true)) throw damaged(key);
  return {
    ...(role === undefined ? {} : { role }),
    ...(link === undefined ? {} : { link }),
    ...(isRemoved === undefined ? {} : { isRemoved }),
    since,
  };
}

export function isGivenRole(value: unknown): value is GivenRole {
  return value === 'viewer' || value === 'editor';
}

export function isEveryone(value: unknown): value is Everyone {
  return value === 'none' || isGivenRole(value);
}

function linkOf(key: string, value: unknown): BoardLink {
  if (typeof value !== 'object' || value === null) throw damaged(key);
  const { id, role, createdAt } = value as Record<string, unknown>;
  if (typeof id !== 'string' || !isGivenRole(role) || typeof createdAt !== 'number') throw damaged(key);
  return { id, role, createdAt };
}

function fieldsOf(key: string, value: Uint8Array): Record<string, unknown> {
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder().decode(value));
  } catch (error) {
    throw new Error(`the record ${key.split('/', 1)[0]} of a board is damaged`, { cause: error });
  }
  if (typeof fields !== 'object' || fields === null) throw damaged(key);
  return fields as Record<string, unknown>;
}

/** Leaves out the id: a person who knows it may be able to enter. */
function damaged(key: string): Error {
  return new Error(`the record ${key.split('/', 1)[0]} of a board is damaged`);
}
