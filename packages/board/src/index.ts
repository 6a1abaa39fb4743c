/**
 * A Wetink board over Yjs. Names are listed one by one: nothing is public by accident.
 */
export { blobsUsed } from './blobs-used.ts';
export { createBoard } from './board.ts';
export { PageView, wholeBoard } from './page-view.ts';
export { openChat } from './chat/chat.ts';
export type { ChatOptions } from './chat/chat.ts';
export { withEdits } from './chat/message-list.ts';
export { isView, readMessage } from './document/message-record.ts';
export { isEmoji } from './document/mark-record.ts';
export { boardPages, chatFiles, chatMessages, newestMessage, postElements, postMessage } from './posts.ts';
export type { CountedPage, PostedElements, PostedMessage } from './posts.ts';
export {
  dropEdits,
  dropMoved,
  editRow,
  editsOf,
  MAX_ROW_BYTES,
  messageOfRow,
  movedEdits,
  movedMessages,
  oldestChat,
} from './chat/moved-chat.ts';
export type { ChatRow, MovedEdit, MovedRow, OldestChat } from './chat/moved-chat.ts';
export { BoardError } from './errors.ts';
export type { BoardErrorCode } from './errors.ts';
export type {
  AttachedFile,
  Board,
  BoardChange,
  BoardElement,
  BoardOptions,
  Chat,
  ChatHost,
  ChatMessage,
  ChatView,
  Color,
  ColorToken,
  Corners,
  Crop,
  Dash,
  Deleted,
  Edit,
  ElementId,
  ElementKind,
  ElementText,
  FontName,
  Geometry,
  Head,
  ImageContent,
  ImageType,
  KeptElements,
  Look,
  MessageParts,
  NewElement,
  NewStyle,
  Page,
  PageId,
  Paper,
  PaperPattern,
  PaperTone,
  Reaction,
  ReadMark,
  ReorderTarget,
  RunOptions,
  SessionId,
  ShapeKind,
  StepKey,
  Style,
  TextDelta,
  UndoOutcome,
  UserId,
} from './types.ts';

// ---- ink, wet ink, files, people, colors -------------------------------------------------------------------
export type { Oklch } from './color/color.ts';
export { contrast, hexToOklch, luminance, oklchToHex } from './color/color.ts';
export type { InkPoints, InkSource } from './ink/ink.ts';
export { decodeInk, encodeInk, inkLimits, sketchInk } from './ink/ink.ts';
export type { InkMatrix } from './ink/ink-geometry.ts';
export { inkBounds, inkMatrix, transformInk } from './ink/ink-geometry.ts';
export type { InkRecorder } from './ink/ink-recorder.ts';
export { createInkRecorder } from './ink/ink-recorder.ts';
export { decodeWet, encodeWet, wetLimits } from './ink/wet.ts';
export type { WetPayload, WetShape } from './ink/wet.ts';
export { boardContent, exportBoard, exportBoardInSteps } from './file/file-export.ts';
export { decodeFile, decodeFileInSteps, encodeFile, encodeFileInSteps } from './file/file-codec.ts';
export type { FileContent, FileElement } from './file/file-codec.ts';
export { imageForFile, imagesInFile, withImages } from './file/file-images.ts';
export type { FileImage } from './file/file-images.ts';
export { duplicatePageInSteps } from './file/duplicate-page.ts';
export { importBoard, importElementsInSteps } from './file/file-import.ts';
export { moveFile } from './file/file-move.ts';
export { decodeBase64, encodeBase64 } from './file/base64.ts';
export { fileLimits } from './file/file-limits.ts';
export { isElementId } from './document/keys.ts';
export { isShapeKind, shapeKinds } from './document/records.ts';
export { defaultStyle, isStyleValue, styleProps } from './document/fields.ts';
export { cropGeometry, isLookValue, lookProps, lookRanges, plainLook, wholeCrop, wholeGeometry } from './document/look.ts';
export { heads, headsOf, isHead } from './document/heads.ts';
export { isLineKind, isLinePoints, lineThrough, pointsInBox } from './document/line-points.ts';
export { imageTypes } from './document/image-record.ts';
export { cleanFileName } from './text/file-name.ts';
export {
  CHAT_WINDOW_MS,
  MAX_ALT_LENGTH,
  MAX_CHAT_LENGTH,
  MAX_CHAT_MESSAGES,
  MAX_CHAT_RATE,
  MAX_LINE_POINTS,
  MAX_MENTIONS,
  MAX_PAGES,
  MAX_PAGE_NAME_LENGTH,
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
} from './limits.ts';
export type { Theme } from './color/palette.ts';
export { colorTokens, fills, isColor, isColorToken, palette, paper, resolveColor, resolveFill, resolvePaper } from './color/palette.ts';
export { defaultPaper, paperPatterns, paperTones, resolveSheet } from './color/papers.ts';
export { shownLine } from './text/shown-line.ts';
export { personColor, personColors, personHue, ringsByUser } from './people/person-color.ts';
export { knownPeople } from './people/known-people.ts';
export { suggestName } from './people/suggest-name.ts';

// ---- inboxes ----------------------------------------------------------------------------------------------
export { openInbox } from './inbox/inbox.ts';
export type { Inbox, InboxEntry } from './inbox/inbox.ts';
export { inboxRoom, MAX_NOTIFICATIONS } from './inbox/inbox-roots.ts';
export { isQuietAt, MAX_BLOCKED, MAX_MUTED } from './inbox/inbox-rules.ts';
export type { BlockedPerson, NotificationLevel, QuietHours } from './inbox/inbox-rules.ts';
export { isNotificationLink, MAX_NOTIFICATION_TEXT, notificationKinds } from './inbox/notification-record.ts';
export type { NewNotification, Notification, NotificationKind, NotificationPlace } from './inbox/notification-record.ts';
export { inboxPage, isInboxCursor } from './inbox/inbox-pages.ts';
export type { InboxPage, InboxPageEntry } from './inbox/inbox-pages.ts';
export { postNotifications } from './inbox/post-notifications.ts';
export { chatNews } from './inbox/chat-news.ts';
export type { ChatNews } from './inbox/chat-news.ts';
export { recentMessages, titleOf } from './inbox/recent-messages.ts';
export type { RecentMessage } from './inbox/recent-messages.ts';
