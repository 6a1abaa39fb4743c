/**
 * The vocabulary of a board: every public type of this package that is not a codec's own.
 *
 * Lengths are board units (at zoom 1 one board unit is one CSS pixel), angles radians, times milliseconds
 * since 1970. All returned objects are immutable: a shown element is a new object whenever anything
 * about it changes and the same object otherwise, so callers may cache by identity.
 */
import type * as Y from 'yjs';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** One element for ever: the session that created it (8 characters), then a counter in base 36. */
export type ElementId = Branded<string, 'ElementId'>;
/** One gesture: a hybrid logical clock in 8 characters of base 36 (sorts as text), then the session. */
export type StepKey = Branded<string, 'StepKey'>;
/** One Y.Doc instance in one page: 8 random base62 characters, never persisted, never reused. */
export type SessionId = Branded<string, 'SessionId'>;
/** The user of a session, as the host application names its users. '' is allowed and is a separate person. */
export type UserId = string;

export type ElementKind = 'stroke' | 'line' | 'arrow' | 'rectangle' | 'ellipse' | 'text' | 'image';

export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';

/** The content of an `image` element. Its bytes lie outside the document, under `hash`; they may come later, or never. */
export interface ImageContent {
  /** SHA-256 of the bytes: 64 lower-case hex digits. */
  readonly hash: string;
  readonly type: ImageType;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Length of the file. */
  readonly bytes: number;
  /** Name of the file it came from, one visible line; '' if it had none. */
  readonly name: string;
}

/**
 * Place and size of an element. Stored and merged as ONE value: merged parts would make boxes that nobody drew.
 *
 * `x`, `y` is the corner before rotation; `rotation` turns about the centre of the box. `w`, `h` may be negative:
 * for a line or arrow the start is (x, y) and the end (x + w, y + h); for the others it is a flip.
 */
export interface Geometry {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly rotation: number;
}

export type ColorToken = 'ink' | 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'violet' | 'pink' | 'white';
/** A token follows the theme, `#rrggbb` does not. */
export type Color = ColorToken | `#${string}`;
export type FontName = 'sans' | 'hand' | 'mono';

export interface Style {
  readonly color: Color;
  /** Stroke width in board units, 1..20. */
  readonly width: number;
  readonly fill: Color | 'none';
  /** 0..1. */
  readonly opacity: number;
  /** Board units. */
  readonly fontSize: number;
  readonly font: FontName;
}

/** A shown element. */
export interface BoardElement {
  readonly id: ElementId;
  /** `unknown`: written by a newer version; kept, shown as a placeholder, never deleted by this one. */
  readonly kind: ElementKind | 'unknown';
  readonly author: UserId;
  readonly session: SessionId;
  /** The step that created it. */
  readonly step: StepKey;
  /** Milliseconds, from the creating step's clock. */
  readonly createdAt: number;
  readonly geometry: Geometry;
  /** The geometry it was created with: `ink` is drawn in this box, then carried over to `geometry`. */
  readonly baseGeometry: Geometry;
  readonly style: Style;
  /** A fractional key once the element was reordered, null while it keeps its place in order of creation. */
  readonly z: string | null;
  readonly isLocked: boolean;
  /** Id of the wet gesture it came from. */
  readonly gesture: string | null;
  /** Encoded points of a stroke (`decodeInk`), null for every other kind. Do not modify. */
  readonly ink: Uint8Array | null;
  /** Plain text of a text element, '' otherwise. */
  readonly text: string;
  /** Set for an `image`, null for every other kind. */
  readonly image: ImageContent | null;
  /** Description for people who do not see the element; '' while it has none. */
  readonly alt: string;
}

export interface NewElement {
  readonly kind: ElementKind;
  readonly geometry: Geometry;
  readonly style: Style;
  readonly ink?: Uint8Array;
  readonly gesture?: string;
  readonly text?: string;
  /** Required for an `image`. */
  readonly image?: ImageContent;
  readonly alt?: string;
}

export interface BoardOptions {
  readonly doc: Y.Doc;
  readonly userId: UserId;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** 0 <= n < 1. Decides the session id, so it must not repeat across instances. */
  readonly random?: () => number;
  /**
   * Whether this page may put back, without a gesture, work that was undone by a person who did not know of it. Called
   * for each change that is not the page's own, with the origin of its transaction. Return false on a read-only page, and
   * for changes read again from a local copy. Default: always true.
   */
  readonly mayReconcile?: (origin: unknown) => boolean;
}

export type ReorderTarget = 'front' | 'back' | 'forward' | 'backward';

/** The writes of one gesture. Valid only while the `run` callback it was handed to is running. */
export interface Edit {
  /** @throws {BoardError} `BAD_ELEMENT` when a number is not finite or out of bounds, or a field is malformed. */
  create(element: NewElement): ElementId;
  /** Ids that are not shown are left alone: a peer may just have deleted them. */
  setGeometry(id: ElementId, geometry: Geometry): void;
  setStyle<Prop extends keyof Style>(id: ElementId, prop: Prop, value: Style[Prop]): void;
  remove(ids: Iterable<ElementId>): void;
  reorder(ids: Iterable<ElementId>, to: ReorderTarget): void;
  setLocked(id: ElementId, isLocked: boolean): void;
  /** @throws {BoardError} `BAD_TEXT` when it is too long. */
  setAlt(id: ElementId, alt: string): void;
}

/** The changes of one transaction to the shown elements. */
export interface BoardChange {
  readonly added: readonly BoardElement[];
  readonly changed: readonly { readonly before: BoardElement; readonly after: BoardElement }[];
  readonly removed: readonly BoardElement[];
  /** Whether remaining elements changed their order among each other: not set by drawing or deleting. */
  readonly isReordered: boolean;
  readonly isLocal: boolean;
}

/**
 * Elements that undo or redo left as they are, the reason, and the people whose work it was:
 * `changed` another person changed the same field since, and their value stays; `spared` another person worked on the
 * element, so undoing its creation (or redoing its deletion) keeps it; `still-deleted` another person deleted it as well;
 * `typed-elsewhere` it was typed on another page (or before a reload), and only that page can take the text back.
 */
export interface KeptElements {
  readonly reason: 'changed' | 'spared' | 'still-deleted' | 'typed-elsewhere';
  readonly by: readonly UserId[];
  readonly ids: readonly ElementId[];
}

export interface UndoOutcome {
  /** False when there was nothing to undo or redo. */
  readonly isDone: boolean;
  /** Elements that visibly changed, also in their text. */
  readonly elements: readonly ElementId[];
  readonly kept: readonly KeptElements[];
}

/** One replaced run of text; offsets are UTF-16 units in the text as it is before this entry, entries in order. */
export interface TextDelta {
  readonly index: number;
  readonly deleted: number;
  readonly inserted: string;
}

/** The text of one element while its box is open. Two people typing in one box merge. */
export interface ElementText {
  readonly value: string;
  /**
   * Replaces `deleteCount` UTF-16 units from `start` by `insert`, in whole characters: a range that cuts a surrogate pair
   * takes all of it, and half a pair in `insert` is written as U+FFFD.
   *
   * @throws {BoardError} `BAD_TEXT` when the range is outside the text, `TOO_LARGE` when it would grow beyond
   *   `MAX_TEXT_LENGTH`, `TOO_NEW`, `CLOSED`. Nothing is written then.
   */
  edit(start: number, deleteCount: number, insert: string): void;
  onChange(callback: (delta: readonly TextDelta[], by: { readonly isLocal: boolean }) => void): () => void;
  /**
   * Undo and redo of this user's typing inside the open box.
   *
   * @throws {BoardError} `TOO_NEW`.
   */
  undo(): void;
  redo(): void;
  /** Leaves the box: one step if it changed, and an empty text element is removed with it. Final, idempotent. */
  close(): void;
}

export interface ChatMessage {
  readonly id: string;
  readonly userId: UserId;
  readonly name: string;
  readonly text: string;
  /** Milliseconds. */
  readonly at: number;
}

export interface Chat {
  /** Oldest first; the same array until a message arrives. */
  messages(): readonly ChatMessage[];
  /** @throws {BoardError} `BAD_TEXT` when empty or longer than the bound. */
  send(text: string, name: string): void;
  onChange(callback: () => void): () => void;
}

/** A board over one Y.Doc. Make one board per doc in a page: each board is a session of its own. */
export interface Board {
  readonly doc: Y.Doc;
  readonly session: SessionId;
  readonly userId: UserId;
  /** The document requires a newer reader: it is shown as far as possible, and every write throws `TOO_NEW`. */
  readonly isTooNew: boolean;
  /** Number of shown elements. */
  readonly count: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The step the next `undo` takes back; null when there is none. */
  readonly nextUndo: StepKey | null;
  readonly title: string;
  readonly background: Color;
  readonly chat: Chat;
  /** Shown elements only. */
  get(id: ElementId): BoardElement | undefined;
  /** Shown elements, bottom to top; the same array until something changes. */
  elements(): readonly BoardElement[];
  /**
   * Place of a shown element in paint order: text that sorts bottom to top. The place stays the same as long as the
   * element is the same object.
   */
  placeOf(id: ElementId): string | undefined;
  /** Called at most once per transaction, after it. */
  onChange(callback: (change: BoardChange) => void): () => void;
  /**
   * One gesture: one transaction, one update to the network, one step of undo. A nested run joins the outer one.
   *
   * Everything is written when the outermost callback returns: only then are created elements on the board. A callback
   * that throws writes nothing.
   *
   * @throws {BoardError} `TOO_NEW`, `CLOSED`, and whatever the callback throws.
   */
  run<Result>(gesture: (edit: Edit) => Result): Result;
  /** Removes all elements this device has received, as one step; elements it has not received survive. */
  clear(): void;
  undo(): UndoOutcome;
  redo(): UndoOutcome;
  /** @throws {BoardError} `NO_ELEMENT` when the id is not a shown text element. */
  text(id: ElementId): ElementText;
  setTitle(title: string): void;
  setBackground(color: Color): void;
  /** The name this user last wrote, also after they left; null if they never wrote one. */
  nameOf(userId: UserId): string | null;
  setName(name: string): void;
  /** Calls back when title, background, names, or `isTooNew` change. */
  onMeta(callback: () => void): () => void;
  /** A new id for wet ink: session, a dot, and a counter. */
  nextGesture(): string;
  /**
   * Removes everything hidden (deleted, cleared, undone) from the document for good; no undo brings it back.
   *
   * @returns Number of removed elements.
   */
  emptyTrash(): number;
  /** Stops observing the document; does not destroy it. Final, idempotent. */
  close(): void;
}
