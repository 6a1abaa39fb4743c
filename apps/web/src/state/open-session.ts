/** The session of the open board, for state modules while a component is being made. Components never see it: lint keeps this file from them. */
import { createContext } from 'svelte';
import type { BoardSession } from '../session/board-session.ts';

export const [getSession, setSession] = createContext<BoardSession>();
