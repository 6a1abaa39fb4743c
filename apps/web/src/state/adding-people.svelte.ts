/**
 * Adds people to this board, for its owner: people whom the relay's directory names, and those of one's conversations. Its code
 * is fetched with the share dialog.
 */
import { createConversationApi, type ConversationApi } from '../account/conversation-api.ts';
import type { ApiFailure, RelayApi } from '../account/relay-api.ts';
import { notAddedSentence } from '../core/adding-sentence.ts';
import type { BoardId } from '../core/board-id.ts';
import type { GivenRole, Person } from '../core/board-info.ts';
import { directoryFailure, type ConversationInfo } from '../core/conversation-info.ts';
import { apiUrlFor } from '../core/relay-url.ts';
import { getBoardContext } from './board-context.ts';
import { getApp } from './context.ts';
import type { Sharing } from './sharing.svelte.ts';

export interface AddingPeoplePorts {
  boardId: BoardId;
  api: Pick<RelayApi, 'setMember'>;
  directory: Pick<ConversationApi, 'online'>;
  sharing: Pick<Sharing, 'ask' | 'refresh' | 'info'>;
  me: { readonly id: string };
  /** Read when it is used: the inbox is opened late. */
  conversations(): readonly ConversationInfo[];
}

const UNREACHABLE: ApiFailure = { ok: false, kind: 'unreachable' };

export class AddingPeople {
  readonly #ports: AddingPeoplePorts;

  constructor(ports: AddingPeoplePorts) {
    this.#ports = ports;
  }
  get list(): readonly ConversationInfo[] {
    return this.#ports.conversations();
  }
  /** People with a role, and those who were removed: all of them are in the list of the dialog, where their role is chosen. */
  get members(): readonly Person[] {
    const { info } = this.#ports.sharing;
    return info === null ? [] : [info.owner, ...info.members.map(({ user }) => user)];
  }
  /** Others who are online, or a sentence that says why they are not known. */
  async online(): Promise<{ people: readonly Person[]; failure: string }> {
    const { sharing, directory, me } = this.#ports;
    const answer = (await sharing.ask((token) => directory.online(token))) ?? UNREACHABLE;
    if (!answer.ok) return { people: [], failure: directoryFailure(answer) };
    return { people: answer.value.filter(({ id }) => id !== me.id), failure: '' };
  }
  /**
   * One after the other, up to the first who can't be added; those before stay added.
   *
   * @returns A sentence that names those who were not added, or null.
   */
  async add(people: readonly Person[], role: GivenRole): Promise<string | null> {
    const { boardId, sharing, api } = this.#ports;
    for (const [index, { id }] of people.entries()) {
      const answer = (await sharing.ask((token) => api.setMember(token, boardId, id, role))) ?? UNREACHABLE;
      if (answer.ok) continue;
      if (index > 0) await sharing.refresh();
      return notAddedSentence(
        people.slice(index).map(({ name }) => name),
        answer,
      );
    }
    await sharing.refresh();
    return null;
  }
}

/** While the component is being made. */
export function createAddingPeople(): AddingPeople {
  const { boardId, sharing } = getBoardContext();
  const { account, inbox, me, relayUrl } = getApp();
  return new AddingPeople({
    boardId,
    api: account.api,
    directory: createConversationApi(apiUrlFor(relayUrl)),
    sharing,
    me,
    conversations: () => inbox.current?.conversations.list ?? [],
  });
}
