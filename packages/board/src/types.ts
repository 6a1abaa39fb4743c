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

export type PaperPattern = 'dots' | 'grid' | 'ruled' | 'plain';
/** Names of paper colours; `white` is the paper of the theme. */
export type PaperTone = 'white' | 'cream' | 'mint' | 'sky' | 'rose' | 'grey';

/** The paper that a board is drawn on. */
export interface Paper {
  readonly pattern: PaperPattern;
  readonly tone: PaperTone;
}

/** A page of a board: '' is the first one that a board has. */
export type PageId = ElementId | '';

export interface Page {
  readonly id: PageId;
  /** '' while nobody has named it. */
  readonly name: string;
  /** Set when it was deleted, and is shown because something that its deletion did not know of is on it. */
  readonly isKept?: true;
}

/** A closed line in its box. */
export type ShapeKind =
  'rectangle' | 'ellipse' | 'diamond' | 'triangle' | 'hexagon' | 'star' | 'cloud' | 'bubble' | 'cylinder' | 'checkbox';
/** A `frame` is a box with a title that holds elements, groups and other frames. */
export type ElementKind = 'stroke' | 'line' | 'arrow' | ShapeKind | 'text' | 'image' | 'file' | 'frame';

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

/** A file on the board or in the chat. Its bytes lie outside the document, under `hash`; they may come later, or never. */
export interface AttachedFile {
  /** SHA-256 of the bytes: 64 lower-case hex digits. */
  readonly hash: string;
  /** Media type as claimed by the device that added it, in lower case; '' if it named none. */
  readonly type: string;
  /** Length of the file. */
  readonly bytes: number;
  /** One visible line; '' if it had none. */
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
export type Dash = 'solid' | 'dashed' | 'dotted';
export type Corners = 'sharp' | 'round';
/** The head at one end of a line or arrow. `auto`: an open one at the end of an arrow, none elsewhere. */
export type Head = 'auto' | 'none' | 'arrow' | 'triangle' | 'bar' | 'dot' | 'diamond';

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
  /** Lines and outlines have it; ink is always solid. */
  readonly dash: Dash;
  /** Shapes with corners have it, and lines with bends. */
  readonly corners: Corners;
  /** Lines and arrows have them. */
  readonly startHead: Head;
  readonly endHead: Head;
}

/** The style of a new element. Parts that came later may be left out: then they have their default. */
export type NewStyle = Omit<Style, LaterStyle> & Partial<Pick<Style, LaterStyle>>;
export type LaterStyle = 'dash' | 'corners' | 'startHead' | 'endHead';

/** The part of an image that is shown, in fractions of its sides from its top left. At least a hundredth of each side. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * How an image is shown. 0 leaves it as it is; nothing changes its bytes.
 *
 * `radius`, `blur`, `greyscale`, `sepia`, `invert` and `vignette` are 0..1, the others -1..1. `radius` rounds corners by this
 * share of half the shorter side. The formulas are in `filterPixels` of the package canvas.
 */
export interface Look {
  readonly radius: number;
  readonly brightness: number;
  readonly exposure: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly warmth: number;
  readonly hue: number;
  readonly blur: number;
  readonly greyscale: number;
  readonly sepia: number;
  readonly invert: number;
  readonly vignette: number;
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
  readonly page: PageId;
  /** The group or frame it is in: the innermost one that is shown; null for none. */
  readonly parent: ElementId | null;
  /** The innermost frame that it is in, itself or its group; null for none. */
  readonly frame: ElementId | null;
  readonly geometry: Geometry;
  /**
   * The geometry it was created with: `ink` is drawn in this box, then carried over to `geometry`. Of an image, the box of
   * all of it, while `geometry` is that of the part that is shown.
   */
  readonly baseGeometry: Geometry;
  readonly style: Style;
  /** A fractional key once the element was reordered, null while it keeps its place in order of creation. */
  readonly z: string | null;
  readonly isLocked: boolean;
  /** Id of the wet gesture it came from. */
  readonly gesture: string | null;
  /** Encoded points of a stroke (`decodeInk`), null for every other kind. Do not modify. */
  readonly ink: Uint8Array | null;
  /**
   * The points of a line or arrow with bends, its ends included: x and y in turn, in fractions of its box. Null for one
   * between two points, and for every other kind.
   */
  readonly points: readonly number[] | null;
  /** Plain text of a text element, one line with the title of a frame, '' otherwise. */
  readonly text: string;
  /** Set for an `image`, null for every other kind. */
  readonly image: ImageContent | null;
  /** Set for a `file`, null for every other kind. */
  readonly file: AttachedFile | null;
  /** Look and crop of an image; of every other kind, one that changes nothing. */
  readonly look: Look;
  readonly crop: Crop;
  /** Description for people who do not see the element; '' while it has none. */
  readonly alt: string;
}

export interface NewElement {
  readonly kind: ElementKind;
  /** Default: the first page. */
  readonly page?: PageId;
  readonly geometry: Geometry;
  readonly style: NewStyle;
  readonly ink?: Uint8Array;
  /** For lines and arrows only. */
  readonly points?: readonly number[];
  readonly gesture?: string;
  /** Content of a text, or title of a frame. */
  readonly text?: string;
  /** Required for an `image`. */
  readonly image?: ImageContent;
  /** Required for a `file`. */
  readonly file?: AttachedFile;
  /** For images only. With a crop, `geometry` is the box of the part that is shown. */
  readonly look?: Partial<Look>;
  readonly crop?: Crop;
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
  /** Ids that are not shown are left alone: a peer may just have deleted them. So are groups, except where they are named. */
  setGeometry(id: ElementId, geometry: Geometry): void;
  setStyle<Prop extends keyof Style>(id: ElementId, prop: Prop, value: Style[Prop]): void;
  /** Removes elements, and groups and frames with everything in them. */
  remove(ids: Iterable<ElementId>): void;
  /**
   * Brings deleted elements back, also those that others deleted. What is deleted again later stays deleted.
   *
   * @throws {RangeError} When the edit deletes as well.
   */
  restore(ids: Iterable<ElementId>): void;
  /**
   * Puts elements and groups into a new group, which is in the innermost group that they all were in.
   *
   * @returns Null when none of them is shown.
   */
  group(ids: Iterable<ElementId>): ElementId | null;
  /** Dissolves groups and frames that were there before this edit: what is in them belongs to what is around them. */
  ungroup(ids: Iterable<ElementId>): void;
  /**
   * Puts elements and groups into a group or a frame, or with null into none. A group is never put into itself, or into a
   * group within it. Nothing happens if the group is not shown.
   *
   * @throws {BoardError} `BAD_ELEMENT` when `parent` is an element that is no frame.
   */
  setParent(ids: Iterable<ElementId>, parent: ElementId | null): void;
  /**
   * Moves elements and groups in paint order, among what is in the same group. What is in a group moves together, and past
   * all of another group at once. What is in a frame moves with it; frames stay beneath everything that is no frame. Elements that this edit creates are on top already; `back` puts them under everything
   * that is shown.
   */
  reorder(ids: Iterable<ElementId>, to: ReorderTarget): void;
  /** Gives a line or arrow other bends, or none; elements of other kinds stay as they are. Its box is set beside it. */
  setPoints(id: ElementId, points: readonly number[] | null): void;
  setLocked(id: ElementId, isLocked: boolean): void;
  /**
   * Names a frame; leaves other elements alone.
   *
   * @throws {BoardError} `BAD_TEXT` when it is longer than `MAX_TITLE_LENGTH`.
   */
  setTitle(id: ElementId, title: string): void;
  /** Leaves elements alone that are no image, as do `setCrop` and `setImage`. */
  setLook<Prop extends keyof Look>(id: ElementId, prop: Prop, value: number): void;
  /** The part that stays keeps its place and size. */
  setCrop(id: ElementId, crop: Crop): void;
  /** Shows another image in the same box and with the same look. */
  setImage(id: ElementId, image: ImageContent): void;
  /** @throws {BoardError} `BAD_TEXT` when it is too long. */
  setAlt(id: ElementId, alt: string): void;
  /** Moves elements, and groups with everything in them, to a page. Nothing happens if the page is not shown. */
  setPage(ids: Iterable<ElementId>, page: PageId): void;
  /**
   * Adds a page.
   *
   * @param place `after`: the page it follows; default: the last one.
   * @throws {BoardError} `BAD_TEXT` when the name is too long, `TOO_LARGE` when the board has `MAX_PAGES`.
   */
  addPage(place?: { readonly after?: PageId | undefined; readonly name?: string | undefined }): ElementId;
  /** @throws {BoardError} `BAD_TEXT` when it is too long. '' takes the name away. */
  renamePage(page: PageId, name: string): void;
  /** Puts a page before another one, or with null at the end. */
  movePage(page: PageId, before: PageId | null): void;
  /**
   * Gives the board another paper, or a part of it.
   *
   * @throws {BoardError} `BAD_ELEMENT` for an unknown pattern or colour.
   */
  setPaper(paper: Partial<Paper>): void;
  /** Removes a page with everything on it that this device has received. What it has not received keeps the page. */
  removePage(page: PageId): void;
}

/** The changes of one transaction to the shown elements; none where only groups changed the group they are in. */
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

/** A part of a board that a message shows the way to, in board units. */
export interface ChatView {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The optional parts of a message. */
export interface MessageParts {
  readonly file?: AttachedFile | undefined;
  /** The element whose conversation it belongs to. */
  readonly about?: ElementId | undefined;
  /** Id of the message that it answers. */
  readonly replyTo?: string | undefined;
  readonly view?: ChatView | undefined;
  /** Users that the text mentions, as `@` and a name; at most `MAX_MENTIONS` count. */
  readonly mentions?: readonly UserId[] | undefined;
}

export interface ChatMessage {
  readonly id: string;
  readonly userId: UserId;
  readonly name: string;
  /** Beside a file it may be the file's name: readers of before show the text alone. '' once the message is deleted. */
  readonly text: string;
  readonly file: AttachedFile | null;
  /** The element whose conversation it belongs to, there or not; null for one about the board. */
  readonly about: ElementId | null;
  /** Milliseconds. */
  readonly at: number;
  /** Id of the message that it answers, there or not. */
  readonly replyTo: string | null;
  readonly view: ChatView | null;
  readonly mentions: readonly UserId[];
  /** When its author last changed the text, in milliseconds; null for never. */
  readonly editedAt: number | null;
  /** Deleted by its author: it keeps its place, author and time, and nothing else. */
  readonly isDeleted: boolean;
}

export interface Reaction {
  readonly emoji: string;
  /** Users that gave it, first to last; at most `MAX_REACTION_USERS`, while `count` counts all. */
  readonly userIds: readonly UserId[];
  readonly count: number;
}

/** How far a user has read. */
export interface ReadMark {
  /** When the user looked, in milliseconds. */
  readonly at: number;
  /** The newest message that the user has seen. */
  readonly messageId: string;
}

/** The part of a board that its chat is written through, see `openChat`. */
export interface ChatHost {
  readonly doc: Y.Doc;
  readonly userId: UserId;
  /** Origin of every transaction. */
  readonly origin: object;
  readonly now: () => number;
  /** Throws when nothing may be written. */
  requireWritable(): void;
  /** Writes what goes with the first message of a page. Inside a transaction. */
  introduce(): void;
  /** A new id, of a message that is written in this transaction. */
  nextMessage(): string;
}

/** The chat of a board or of a conversation. */
export interface Chat {
  readonly userId: UserId;
  /** Oldest first; the same array until a message arrives or is changed. */
  messages(): readonly ChatMessage[];
  /** The message with this id, if it is among `messages`. */
  find(id: string): ChatMessage | undefined;
  /**
   * @param parts A file is shown with the message. Readers of before show the text alone, so without a text it is the file's
   *   name.
   * @returns The id of the message.
   * @throws {BoardError} `BAD_TEXT` when it has neither text nor file, or a text longer than the bound; `BAD_ELEMENT` for a
   *   malformed file or view; `TOO_MANY_MESSAGES` while `waitMs` is above 0.
   */
  send(text: string, name: string, parts?: MessageParts): string;
  /** Sends a message that another document has, such as one that was given up. It does not count for `waitMs`' limit. */
  sendAgain(message: ChatMessage, name: string): void;
  /**
   * Changes the text of one's own message, also of one that is no longer in the document. Does nothing when the text is
   * the same, or the message deleted.
   *
   * @throws {BoardError} `BAD_TEXT`, `NOT_YOURS`.
   */
  edit(id: string, text: string, mentions?: readonly UserId[]): void;
  /**
   * Deletes one's own message for everybody, with the reactions to it; also one that is no longer in the document.
   *
   * @throws {BoardError} `NOT_YOURS`
   */
  remove(id: string): void;
  /** Milliseconds until `send` takes a message: `MAX_CHAT_RATE` of one's own within `CHAT_WINDOW_MS` are the most. 0 for now. */
  waitMs(): number;
  /** Reactions to a message in the order of the first of each; at most `MAX_REACTIONS` of them. */
  reactions(messageId: string): readonly Reaction[];
  /**
   * Gives one's own reaction, or takes it back.
   *
   * @throws {BoardError} `BAD_TEXT` when it is no emoji.
   */
  toggleReaction(messageId: string, emoji: string): void;
  /** How far each user has read: never backwards while the chat is open. The same map until a mark moves. */
  readMarks(): ReadonlyMap<UserId, ReadMark>;
  /** Says that this user has seen all of `messages`. Writes nothing if nothing of another user came since. */
  markRead(): void;
  /** Called at most once per transaction, after it. */
  onChange(callback: () => void): () => void;
  /** Final, idempotent. */
  close(): void;
}

export interface RunOptions {
  readonly step?: StepKey;
  readonly page?: PageId;
}

/** The elements that one gesture deleted, as far as they are still deleted. */
export interface Deleted {
  readonly step: StepKey;
  /** '' when the user is not known. */
  readonly by: UserId;
  /** Milliseconds. */
  readonly at: number;
  readonly ids: readonly ElementId[];
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
  /** The same object until it changes, which is a step, see `Edit.setPaper`. */
  readonly paper: Paper;
  /** Shown where the paper has no colour of its own. */
  readonly background: Color;
  /** For `openChat`: a board does not read its chat by itself. */
  chatHost(): ChatHost;
  /** Shown elements only. */
  get(id: ElementId): BoardElement | undefined;
  /** Shown elements, bottom to top; the same array until something changes. */
  elements(): readonly BoardElement[];
  /**
   * Place of a shown element in paint order: text that sorts bottom to top. The place stays the same as long as the
   * element is the same object.
   */
  placeOf(id: ElementId): string | undefined;
  /** The shown pages in order, at least one; the same array until something about them changes. */
  pages(): readonly Page[];
  /** Number of shown elements on a page. */
  countOn(page: PageId): number;
  /** Called at most once per transaction, after it and after `onChange`, when pages came, went, or changed name or order. */
  onPages(callback: () => void): () => void;
  /** The group or frame that a shown element, or a group, is in; null for none. */
  parentOf(id: ElementId): ElementId | null;
  /** Elements and groups that are in a group or a frame, in no order; the same array until they change. Empty for anything else. */
  membersOf(id: ElementId): readonly ElementId[];
  /**
   * The user who last set a part of an image's look or its crop, as far as the value shown is theirs; null while it is as the
   * element was made, or if the user is not known.
   */
  changedBy(id: ElementId, prop: keyof Look | 'crop'): UserId | null;
  /**
   * The user who last made, changed, deleted or took back an element, also of one that is no longer shown; null if the user or
   * the element is not known.
   */
  lastAuthorOf(id: ElementId): UserId | null;
  /** Called at most once per transaction, after it. */
  onChange(callback: (change: BoardChange) => void): () => void;
  /**
   * One gesture: one transaction, one update to the network, one step of undo. A nested run joins the outer one.
   *
   * Everything is written when the outermost callback returns: only then are created elements on the board. A callback
   * that throws writes nothing.
   *
   * @param options.page The page in view: what is created is on it, and of a group only what is on it is removed or moved.
   * @param options.step An own step that only created elements, such as `step` of one of them: what is created now joins it,
   *   so that one press of undo takes back all of it. For work that is too long for one transaction.
   * @throws {BoardError} `TOO_NEW`, `CLOSED`, and whatever the callback throws.
   * @throws {RangeError} With `step`, when the gesture does anything but create. Nothing is written then.
   */
  run<Result>(gesture: (edit: Edit) => Result, options?: RunOptions): Result;
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
  /** Calls back when title, paper, background, names, or `isTooNew` change. */
  onMeta(callback: () => void): () => void;
  /**
   * Deleted elements, those deleted last first, some hundred in each step: a board can have a hundred thousand. They stay in
   * the document until its trash is emptied.
   */
  deletedInSteps(): Generator<undefined, readonly Deleted[]>;
  /** A deleted element as it would be shown; null for anything else. */
  deleted(id: ElementId): BoardElement | null;
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
