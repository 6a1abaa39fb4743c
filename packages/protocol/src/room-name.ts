/**
 * Room names: what stands between the first slash of the request path and its query.
 *
 * A name is any text up to 512 bytes. Stock clients put it into the URL as it is, so `a b` arrives as `a%20b`, `a/b`
 * with its slash and `50%` undecodable. It is decoded exactly once and never used as a path or a key of a plain object.
 */

import * as limits from './limits.ts';
import { SyncError } from './sync-error.ts';

/** Query parameter with which a client asks for the extension; its value is the version it speaks: `?wetink=1`. */
export const EXTENSION_QUERY = 'wetink';

const control = /\p{Cc}/u;
const loneSurrogate = /\p{Surrogate}/u;
const board = /^[A-Za-z0-9_-]{8,64}$/;
const utf8 = new TextEncoder();

/**
 * @param pathSegment The path without its first slash and without the query, as it was sent (percent-encoded).
 * @throws {SyncError} ROOM_NAME
 */
export function decodeRoomName(pathSegment: string): string {
  // A byte takes at most three characters (%41), so anything longer cannot come out within the limit.
  if (pathSegment.length > 3 * limits.maxRoomNameBytes) throw new SyncError('ROOM_NAME', 'too long');
  let name: string;
  try {
    name = decodeURIComponent(pathSegment);
  } catch (cause) {
    throw new SyncError('ROOM_NAME', 'not percent-encoded UTF-8', { cause });
  }
  return checkRoomName(name);
}

/** A name as it goes into a URL after the first slash. @throws {SyncError} ROOM_NAME */
export function encodeRoomName(name: string): string {
  return encodeURIComponent(checkRoomName(name));
}

/** @returns `name` @throws {SyncError} ROOM_NAME */
export function checkRoomName(name: string): string {
  const problem = problemOf(name);
  if (problem !== null) throw new SyncError('ROOM_NAME', problem);
  return name;
}

/** True for names in the form that relays and apps mint for boards. */
export function isBoardName(name: string): boolean {
  return board.test(name);
}

/** The name and the wanted version in a request's target, such as `/a%20b?wetink=1`. @throws {SyncError} ROOM_NAME, VERSION */
export function parseRequestTarget(target: string): { room: string; extensionVersion: number | null } {
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const room = decodeRoomName(path.startsWith('/') ? path.slice(1) : path);
  const asked = queryAt === -1 ? null : new URLSearchParams(target.slice(queryAt + 1)).get(EXTENSION_QUERY);
  if (asked === null) return { room, extensionVersion: null };
  if (!/^[1-9][0-9]{0,5}$/.test(asked)) throw new SyncError('VERSION', 'the version asked for is not a number');
  return { room, extensionVersion: Number(asked) };
}

function problemOf(name: string): string | null {
  if (name === '') return 'empty';
  // A URL parser resolves these away, encoded or not, so no client could reach such a room.
  if (name === '.' || name === '..') return 'a dot segment';
  if (control.test(name)) return 'holds a control character';
  if (loneSurrogate.test(name)) return 'holds half a character';
  if (name.length > limits.maxRoomNameBytes || utf8.encode(name).length > limits.maxRoomNameBytes) return 'too long';
  return null;
}
