/* Made from messages/en.json: `npx vitest run --project unit apps/web/src/words/types -u`. */
/* eslint-disable */
declare module '$words/access-sentences' {
  export const tooManyRequestsNothingWas: (i: { failure: string | number }) => string;
  export const theServerCantDoThis: (i: { failure: string | number }) => string;
  export const theServerCannotBeReached: () => string;
  export const thisServerKnowsNothingOf: () => string;
  export const theServerRefusedThisNothing: () => string;
  export const youAreNotSignedIn: () => string;
  export const thisBoardIsNotYours: () => string;
  export const onlyTheOwnerOfThis: () => string;
  export const thatLinkWasTurnedOff: () => string;
  export const theServerDoesNotKnow: () => string;
  export const thisBoardHasAsMany: () => string;
  export const theOwnerKeepsTheirRole: () => string;
}
declare module '$words/actions' {
  export const thisBoardCannotBeChanged: () => string;
  export const youCanOnlyViewThis: () => string;
  export const thereIsNothingHereYet: () => string;
  export const thereAreNoFramesHere: () => string;
  export const thisBoardIsStillOpening: () => string;
}
declare module '$words/adding-sentence' {
  export const guest: () => string;
  export const canView: (i: { count: number; names: string | number }) => string;
  export const canDraw: (i: { count: number; names: string | number }) => string;
  export const notAdded: (i: { count: number; names: string | number; why: string | number }) => string;
  export const noOwners: () => string;
  export const tooMany: (i: { again: string | number }) => string;
  export const busy: (i: { again: string | number }) => string;
  export const silent: () => string;
  export const unknown: (i: { name: string | number }) => string;
  export const refused: () => string;
  export const notSignedIn: () => string;
  export const suspended: () => string;
  export const notYours: () => string;
  export const onlyOwner: () => string;
  export const erased: () => string;
}
declare module '$words/AddPeople' {
  export const addPeople: () => string;
  export const add: () => string;
  export const whatTheyMayDo: () => string;
  export const cancel: () => string;
}
declare module '$words/ago' {
  export const justNow: () => string;
}
declare module '$words/AltField' {
  export const description: () => string;
  export const whatDoesItShowFor: () => string;
}
declare module '$words/App' {
  export const reload: () => string;
  export const thisPageCouldNotLoad: () => string;
  export const openingYourBoards: () => string;
  export const openingTheBoard: () => string;
  export const isNotABoardA: (i: { path: string | number }) => string;
  export const withoutWords: () => string;
}
declare module '$words/arrange' {
  export const toTheFront: () => string;
  export const oneForward: () => string;
  export const oneBackward: () => string;
  export const toTheBack: () => string;
  export const duplicate: () => string;
  export const lockInPlace: () => string;
  export const deleteIt: () => string;
  export const copy: () => string;
  export const cut: () => string;
  export const copyTheStyle: () => string;
  export const pasteTheStyle: () => string;
  export const group: () => string;
  export const ungroup: () => string;
}
declare module '$words/ArrangePanel' {
  export const alignDistributeFlip: () => string;
}
declare module '$words/Ask' {
  export const keep: () => string;
}
declare module '$words/BackToContent' {
  export const backToContent: () => string;
}
declare module '$words/Bell' {
  export const notifications: () => string;
}
declare module '$words/blocking' {
  export const unblock: () => string;
  export const block: () => string;
  export const guest: () => string;
}
declare module '$words/BlockPerson' {
  export const unblock: () => string;
  export const block: () => string;
  export const cancel: () => string;
}
declare module '$words/board-arrangings' {
  export const alignLeft: () => string;
  export const centreAcross: () => string;
  export const alignRight: () => string;
  export const equalGapsAcross: () => string;
  export const alignAtTheTop: () => string;
  export const centreUpAndDown: () => string;
  export const alignAtTheBottom: () => string;
  export const equalGapsUpAndDown: () => string;
  export const sideBySide: () => string;
  export const oneBelowTheOther: () => string;
  export const tidyUpIntoAGrid: () => string;
  export const flipLeftToRight: () => string;
  export const flipUpsideDown: () => string;
}
declare module '$words/board-clipboard' {
  export const thisDeviceHasNoRoom: () => string;
}
declare module '$words/board-file' {
  export const couldNotBeOpened: (i: { name: string | number; why: string | number }) => string;
  export const itIsLargerThanAny: () => string;
  export const theFileCannotBeRead: () => string;
}
declare module '$words/board-Incoming' {
  export const thisBoardCannotBeChanged: () => string;
  export const youCanOnlyViewThis: () => string;
  export const dropFilesToPutThem: () => string;
  export const dropPicturesToPutThem: () => string;
  export const dropTextToPutIt: () => string;
}
declare module '$words/board-info' {
  export const guest: () => string;
}
declare module '$words/board-Outline' {
  export const whatIsHere: () => string;
  export const makingTheList: () => string;
  export const inReadingOrder: () => string;
  export const selected: () => string;
  export const theOnesBefore: () => string;
  export const theNextOnes: () => string;
}
declare module '$words/board-Pages' {
  export const pages: () => string;
}
declare module '$words/board-Participants' {
  export const people: () => string;
  export const peopleHere: () => string;
}
declare module '$words/BoardCard' {
  export const untitledBoard: () => string;
  export const isOffThisListThe: (i: { title: string | number }) => string;
  export const undo: () => string;
  export const moreAbout: (i: { title: string | number }) => string;
}
declare module '$words/CanvasHost' {
  export const thePenDrawsAndFingers: () => string;
  export const boardPickAToolWith: () => string;
}
declare module '$words/CardMenu' {
  export const removeFromThisList: () => string;
  export const deleteForEverybody: () => string;
}
declare module '$words/chat' {
  export const guest: () => string;
}
declare module '$words/chat-Composer' {
  export const attachFiles: () => string;
  export const linkToThisView: () => string;
  export const writeAMessage: () => string;
  export const message: () => string;
  export const changeTheMessage: () => string;
  export const send: () => string;
  export const saveTheChange: () => string;
}
declare module '$words/chat-Reactions' {
  export const more: (i: { count: number; names: string | number }) => string;
}
declare module '$words/chat-rows' {
  export const today: () => string;
  export const yesterday: () => string;
}
declare module '$words/chat-sentence' {
  export const anOlderMessage: () => string;
  export const aMessageThatIsNot: () => string;
  export const messageDeleted: () => string;
  export const noMessageThatIsLoaded: () => string;
  export const theMessagesHaveMovedTo: () => string;
  export const nothingSaidYet: () => string;
  export const theMessagesAreOnTheir: () => string;
  export const tooManyRequests: (i: { failure: string | number }) => string;
  export const theServerCantGiveOlder: (i: { failure: string | number }) => string;
  export const theServerCantBeReached: () => string;
  export const thisServerHasNoOlder: () => string;
  export const theServerDoesNotLet: () => string;
  export const signInAgainToRead: () => string;
  export const theServerRefusesToGive: () => string;
  export const thisMessageIsNotIn: () => string;
  export const thisMessageWasNotFound: (i: { failure: string | number }) => string;
  export const thisMessageIsNotAmong: () => string;
  export const youCantWriteHereAny: () => string;
  export const yourWordsWereNotSent: (i: { reason: string | number }) => string;
  export const noneFound: () => string;
  export const found: (i: { count: number }) => string;
  export const foundLoaded: (i: { count: number }) => string;
  export const tooManyInAMinute: (i: { count: number }) => string;
  export const tooManyInSeconds: (i: { count: number; seconds: number }) => string;
}
declare module '$words/ChatDrawer' {
  export const onlyPeopleWhoCanDraw: () => string;
  export const chat: () => string;
  export const dropFilesToSendThem: () => string;
  export const searchTheChat: () => string;
  export const closeChat: () => string;
}
declare module '$words/ChatPanel' {
  export const onlyPeopleWhoCanDraw: () => string;
}
declare module '$words/ClearDialog' {
  export const undo: () => string;
  export const keepIt: () => string;
  export const boardIsClear: () => string;
  export const pageIsClear: () => string;
  export const clearTheBoard: () => string;
  export const clearThePage: () => string;
  export const questionBoard: () => string;
  export const questionPage: () => string;
  export const linkHolders: () => string;
  export const here: () => string;
}
declare module '$words/clipboard-sentences' {
  export const nothingIsSelected: () => string;
  export const whatWasCopiedIsDamaged: () => string;
  export const thisCopyIsNoLonger: () => string;
  export const thisBrowserDoesNotLet: () => string;
  export const thisBrowserDoesNotLet2: () => string;
  export const whatWasCopiedIsBeing: () => string;
  export const thisIsTooMuchTo: () => string;
  export const onlyAPartWasPasted: () => string;
  export const copied: () => string;
  export const elementsCopied: (i: { count: number }) => string;
  export const thisDrawingIsEmpty: () => string;
  export const copying: (i: { count: number }) => string;
  export const picturesLacking: (i: { count: number }) => string;
  export const leftOut: (i: { count: number }) => string;
  export const stayed: (i: { count: number }) => string;
  export const filesLacking: (i: { count: number }) => string;
  export const copiedWithoutPicture: () => string;
  export const leftDamaged: (i: { count: number }) => string;
  export const leftLong: (i: { count: number; most: number }) => string;
  export const leftMany: (i: { count: number }) => string;
}
declare module '$words/closed-sentence' {
  export const thisLinkNoLongerOpens: () => string;
  export const askItsOwnerForA: () => string;
  export const youCantOpenThisBoard: () => string;
  export const youCantOpenThisBoard2: () => string;
  export const itsAddressAloneLetsNobody: () => string;
  export const whatYouHaveOfIt: () => string;
  export const whatYouHaveOfIt2: () => string;
  export const whatYouHaveOfIt3: () => string;
}
declare module '$words/ClosedDraft' {
  export const theWordsAreInThe: () => string;
  export const copy: () => string;
  export const byHand: (i: { key: string | number }) => string;
}
declare module '$words/color-names' {
  export const ink: () => string;
  export const grey: () => string;
  export const red: () => string;
  export const orange: () => string;
  export const yellow: () => string;
  export const green: () => string;
  export const teal: () => string;
  export const blue: () => string;
  export const violet: () => string;
  export const pink: () => string;
  export const white: () => string;
}
declare module '$words/ColorRow' {
  export const aColourOfYourOwn: (i: { label: string | number }) => string;
  export const mixed: (i: { label: string | number }) => string;
  export const none: (i: { label: string | number }) => string;
  export const one: (i: { label: string | number; color: string | number }) => string;
}
declare module '$words/comings' {
  export const joined: (i: { count: number; names: string | number }) => string;
  export const left: (i: { count: number; names: string | number }) => string;
  export const others: (i: { count: number; name: string | number }) => string;
  export const two: (i: { first: string | number; second: string | number }) => string;
}
declare module '$words/CommandPalette' {
  export const allActions: () => string;
  export const searchTheActions: () => string;
  export const typeWhatYouWantTo: () => string;
  export const nothingFoundTryAnotherWord: () => string;
  export const actions: () => string;
  export const found: (i: { count: number }) => string;
}
declare module '$words/commands' {
  export const moveAround: () => string;
  export const eraser: () => string;
  export const eyedropper: () => string;
  export const triangle: () => string;
  export const hexagon: () => string;
  export const star: () => string;
  export const cloud: () => string;
  export const speechBubble: () => string;
  export const cylinder: () => string;
  export const checkBox: () => string;
  export const sideBySide: () => string;
  export const oneBelowTheOther: () => string;
  export const tidyUpIntoAGrid: () => string;
  export const copy: () => string;
  export const duplicate: () => string;
  export const cut: () => string;
  export const paste: () => string;
  export const pasteWhereItWas: () => string;
  export const pasteTheStyle: () => string;
  export const selectWhatLiesInThe: () => string;
  export const removeTheFrameOnly: () => string;
  export const saveTheFrameAsPng: () => string;
  export const presentFrames: () => string;
  export const nextElement: () => string;
  export const previousElement: () => string;
  export const nudgeLeft: () => string;
  export const nudgeRight: () => string;
  export const nudgeUp: () => string;
  export const nudgeDown: () => string;
  export const backToContent: () => string;
  export const allPages: () => string;
  export const trash: () => string;
  export const addAPage: () => string;
  export const help: () => string;
  export const preferences: () => string;
  export const share: () => string;
  export const peopleHere: () => string;
  export const exportPng: () => string;
  export const exportSvg: () => string;
  export const clearTheBoard: () => string;
  export const copyAsSvg: () => string;
  export const paperOfTheBoard: () => string;
  export const wider: () => string;
  export const narrower: () => string;
  export const taller: () => string;
  export const shorter: () => string;
  export const exportAllPagesAsPng: () => string;
  export const exportAllPagesAsSvg: () => string;
  export const language: () => string;
}
declare module '$words/ComposerNote' {
  export const changeTheMessage: () => string;
  export const cancelTheChange: () => string;
  export const guest: () => string;
  export const cancelTheReply: () => string;
  export const withALinkToThis: () => string;
  export const removeTheLinkToThis: () => string;
  export const youCanSendAgainIn: (i: { waitS: string | number }) => string;
}
declare module '$words/context-entries' {
  export const cut: () => string;
  export const copy: () => string;
  export const paste: () => string;
  export const pasteWhereItWas: () => string;
  export const duplicate: () => string;
  export const copyTheStyle: () => string;
  export const pasteTheStyle: () => string;
  export const copyAsPng: () => string;
  export const lockInPlace: () => string;
  export const unlock: () => string;
  export const deleteIt: () => string;
  export const rename: () => string;
  export const selectWhatLiesInIt: () => string;
  export const saveAsPng: () => string;
  export const removeTheFrameOnly: () => string;
  export const toTheFront: () => string;
  export const oneForward: () => string;
  export const oneBackward: () => string;
  export const toTheBack: () => string;
  export const selectAll: () => string;
  export const zoomToFit: () => string;
  export const copyAsSvg: () => string;
}
declare module '$words/ContextMenu' {
  export const selection: () => string;
  export const board: () => string;
}
declare module '$words/conversation-info' {
  export const guest: () => string;
  export const onlyYou: () => string;
  export const youCanWriteToPeople: () => string;
  export const aConversationHasAtMost: () => string;
  export const youAreInAsMany: () => string;
  export const thisIsAConversationOf: () => string;
  export const youAreNotInThis: () => string;
  export const theOperatorOfThisServer: () => string;
  export const tooManyRequestsSoThose: (i: { failure: string | number }) => string;
  export const theServerDoesNotList: (i: { failure: string | number }) => string;
  export const theServerCantSayNow: () => string;
  export const thisServerDoesNotList: () => string;
  export const signInAgainToSee: () => string;
  export const theServerRefusesToSay: () => string;
  export const tooManyRequests: (i: { failure: string | number }) => string;
  export const theServerCantOpenConversations: (i: { failure: string | number }) => string;
  export const theServerDoesNotAnswer: () => string;
  export const thisServerHasNoConversations: () => string;
  export const signInAgainToUse: () => string;
  export const theServerRefusedThis: () => string;
}
declare module '$words/conversation-sentence' {
  export const offlineWhatYouWriteIs: () => string;
  export const theServerDoesNotAnswer: () => string;
  export const youCanReadThisConversation: () => string;
  export const whatYouWroteLastHas: () => string;
  export const youAreNotInThis: () => string;
  export const thisConversationHasEndedIt: () => string;
  export const signInAgainToGo: () => string;
  export const thisConversationIsFullBegin: () => string;
  export const thisVersionOfTheApp: () => string;
  export const theServerHasEndedThe: () => string;
  export const guest: () => string;
  export const leaveItYouAreThe: () => string;
  export const leaveItItGoesFrom: () => string;
  export const added: (i: { count: number; names: string | number }) => string;
  export const left: (i: { count: number; names: string | number }) => string;
}
declare module '$words/ConversationDrawer' {
  export const conversationWith: (i: { title: string | number }) => string;
  export const searchThisConversation: () => string;
  export const addPeople: () => string;
  export const leaveThisConversation: () => string;
  export const closeTheConversation: () => string;
  export const leaveThisConversation2: () => string;
  export const leave: () => string;
  export const stay: () => string;
  export const add: () => string;
  export const cancel: () => string;
  export const youBlockedThisPersonYou: () => string;
}
declare module '$words/ConversationList' {
  export const noConversationsYet: () => string;
  export const writeToOnePersonOr: () => string;
  export const askingTheServerForYour: () => string;
  export const newConversation: () => string;
}
declare module '$words/copied-look' {
  export const selectThePictureWhoseLook: () => string;
  export const lookCopiedSelectOtherPictures: () => string;
  export const noLookHasBeenCopied: () => string;
  export const selectThePicturesThatShould: () => string;
}
declare module '$words/copied-style' {
  export const selectTheElementWhoseStyle: () => string;
  export const styleCopiedSelectOtherElements: () => string;
}
declare module '$words/CopyField' {
  export const copy: () => string;
  export const theLinkIsInThe: () => string;
  export const copied: () => string;
  export const byHand: (i: { key: string | number }) => string;
}
declare module '$words/core-board-news' {
  export const stroke: (i: { count: number }) => string;
  export const line: (i: { count: number }) => string;
  export const arrow: (i: { count: number }) => string;
  export const rectangle: (i: { count: number }) => string;
  export const ellipse: (i: { count: number }) => string;
  export const diamond: (i: { count: number }) => string;
  export const triangle: (i: { count: number }) => string;
  export const hexagon: (i: { count: number }) => string;
  export const star: (i: { count: number }) => string;
  export const cloud: (i: { count: number }) => string;
  export const bubble: (i: { count: number }) => string;
  export const cylinder: (i: { count: number }) => string;
  export const checkbox: (i: { count: number }) => string;
  export const text: (i: { count: number }) => string;
  export const image: (i: { count: number }) => string;
  export const file: (i: { count: number }) => string;
  export const frame: (i: { count: number }) => string;
  export const unknown: (i: { count: number }) => string;
  export const never: () => string;
  export const every30Seconds: () => string;
  export const every10Seconds: () => string;
  export const atOnce: () => string;
  export const someone: () => string;
  export const did: (i: { who: string | number; deeds: string | number }) => string;
  export const both: (i: { first: string | number; second: string | number }) => string;
  export const clauses: (i: { first: string | number; second: string | number }) => string;
  export const end: (i: { clauses: string | number }) => string;
  export const drew: (i: { things: string | number }) => string;
  export const wrote: (i: { things: string | number }) => string;
  export const added: (i: { things: string | number }) => string;
  export const moved: (i: { things: string | number }) => string;
  export const changed: (i: { things: string | number }) => string;
  export const deleted: (i: { things: string | number }) => string;
  export const andMore: (i: { count: number; first: string | number }) => string;
  export const others: (i: { count: number; people: number }) => string;
}
declare module '$words/core-board-pictures' {
  export const missingInFile: (i: { count: number }) => string;
  export const missingInPicture: (i: { count: number }) => string;
  export const noRoom: (i: { count: number }) => string;
  export const lacks: (i: { count: number }) => string;
}
declare module '$words/core-outline' {
  export const thereIsNothingHereYet: () => string;
  export const entries: (i: { count: number }) => string;
  export const range: (i: { from: number; to: number; total: number }) => string;
}
declare module '$words/core-participants' {
  export const guest: () => string;
}
declare module '$words/Count' {
  export const unread: () => string;
}
declare module '$words/CropFrame' {
  export const cropArrowKeysMoveThe: () => string;
  export const allOfIt: () => string;
  export const cancel: () => string;
  export const crop: () => string;
  export const topLeft: () => string;
  export const top: () => string;
  export const topRight: () => string;
  export const left: () => string;
  export const right: () => string;
  export const bottomLeft: () => string;
  export const bottom: () => string;
  export const bottomRight: () => string;
}
declare module '$words/crosshair-sentence' {
  export const crosshairArrowKeysMoveIt: () => string;
  export const drawingArrowKeysGoOn: () => string;
  export const givenUp: () => string;
  export const finished: () => string;
  export const at: (i: { x: string | number; y: string | number }) => string;
  export const atOn: (i: { x: string | number; y: string | number; element: string | number }) => string;
  export const size: (i: { width: string | number; height: string | number }) => string;
  export const made: (i: { element: string | number }) => string;
  export const aPointOfTheLine: () => string;
}
declare module '$words/DeleteBoard' {
  export const untitledBoard: () => string;
}
declare module '$words/DeleteDialog' {
  export const deleteForEverybody: (i: { title: string | number }) => string;
  export const theDrawingItsChatAnd: () => string;
  export const keepIt: () => string;
  export const deleting: () => string;
  export const deleteForEverybody2: () => string;
}
declare module '$words/delivery' {
  export const waiting: () => string;
  export const sending: () => string;
  export const saved: () => string;
  export const sent: () => string;
  export const notSent: () => string;
  export const seenBy: (i: { names: string | number }) => string;
  export const seenByMore: (i: { count: number; names: string | number }) => string;
}
declare module '$words/DrawerEdge' {
  export const widthOfTheChat: () => string;
}
declare module '$words/dropped-file' {
  export const thisPicture: () => string;
  export const thisFile: () => string;
  export const aFolderCantBeOpened: () => string;
  export const theFile: () => string;
  export const onePictureAsFile: (i: { file: string | number }) => string;
  export const thisPictureAsFile: () => string;
  export const picturesAsFiles: (i: { count: number }) => string;
  export const homePicture: (i: { file: string | number }) => string;
  export const textPicture: (i: { file: string | number }) => string;
  export const homePictures: (i: { count: number }) => string;
  export const textPictures: (i: { count: number }) => string;
  export const homeFile: (i: { file: string | number }) => string;
  export const textFile: (i: { file: string | number }) => string;
  export const homeFiles: (i: { count: number }) => string;
  export const textFiles: (i: { count: number }) => string;
  export const quotedName: (i: { name: string | number }) => string;
}
declare module '$words/DropZone' {
  export const picturesCanBeDroppedOn: () => string;
}
declare module '$words/EdgePointers' {
  export const goTo: (i: { name: string | number }) => string;
  export const goToMore: (i: { count: number; name: string | number }) => string;
}
declare module '$words/EditPicture' {
  export const editPicture: () => string;
}
declare module '$words/element-sentence' {
  export const stroke: () => string;
  export const line: () => string;
  export const arrow: () => string;
  export const rectangle: () => string;
  export const ellipse: () => string;
  export const diamond: () => string;
  export const triangle: () => string;
  export const hexagon: () => string;
  export const star: () => string;
  export const cloud: () => string;
  export const bubble: () => string;
  export const cylinder: () => string;
  export const checkbox: () => string;
  export const text: () => string;
  export const image: () => string;
  export const file: () => string;
  export const frame: () => string;
  export const unknown: () => string;
  export const colored: (i: { color: string | number; kind: string | number }) => string;
  export const quoted: (i: { name: string | number; words: string | number }) => string;
  export const place: (i: { name: string | number; place: number; count: number }) => string;
  export const placeLocked: (i: { name: string | number; place: number; count: number }) => string;
  export const placeEnd: (i: { name: string | number; place: number; count: number }) => string;
  export const placeLockedEnd: (i: { name: string | number; place: number; count: number }) => string;
  export const group: (i: { count: number }) => string;
}
declare module '$words/ElementEditors' {
  export const picturesAndTextsBeingEdited: () => string;
}
declare module '$words/empty-sentence' {
  export const nothingOfThisBoardIs: () => string;
  export const whenTheServerWasLast: () => string;
  export const whatIsOnItShows: () => string;
  export const nothingIsDrawnHere: () => string;
  export const whatOthersDrewMeanwhileShows: () => string;
  export const nothingIsDrawnHereYet: () => string;
  export const anEmptySheetPickA: () => string;
  export const aFreshSheetPickA: () => string;
  export const ifADrawingShouldBe: () => string;
  export const nothingHereYet: () => string;
  export const nothingHereYetWasThe: () => string;
  export const linksMadeHereEndIn: (i: { mintedidlength: string | number; idLength: string | number }) => string;
}
declare module '$words/erase' {
  export const isDeletedForEverybody: (i: { title: string | number }) => string;
}
declare module '$words/erase-sentence' {
  export const tooManyRequestsNothingWas: (i: { failure: string | number }) => string;
  export const theServerCantDeleteBoards: (i: { failure: string | number }) => string;
  export const deletingNeedsAConnectionAnd: () => string;
  export const onThisServerBoardsHave: () => string;
  export const thisBoardIsNotYours: () => string;
  export const youAreNotSignedIn: () => string;
  export const theServerRefusedThisNothing: () => string;
}
declare module '$words/ErrorNotice' {
  export const signIn: () => string;
  export const tryAgain: () => string;
  export const saveAsAFile: () => string;
  export const allBoards: () => string;
}
declare module '$words/failure-labels' {
  export const malformed: () => string;
  export const unauthenticated: () => string;
  export const forbidden: () => string;
  export const roomNotFound: () => string;
  export const readOnly: () => string;
  export const foreignClient: () => string;
  export const roomErased: () => string;
  export const tooLarge: () => string;
  export const roomName: () => string;
  export const textFrame: () => string;
  export const badUpdate: () => string;
  export const documentTooLarge: () => string;
  export const version: () => string;
  export const refused: () => string;
  export const cancelled: () => string;
  export const deviceStorage: () => string;
  export const internal: () => string;
  export const loadFailed: () => string;
  export const overloaded: () => string;
  export const timeout: () => string;
  export const storageUnavailable: () => string;
  export const slowReader: () => string;
  export const roomFull: () => string;
  export const incomplete: () => string;
  export const draining: () => string;
  export const shutdown: () => string;
  export const authTimeout: () => string;
  export const rateLimited: () => string;
  export const unavailable: () => string;
  export const connectionLost: () => string;
  export const tokenFailed: () => string;
  export const suspended: () => string;
  export const otherUser: () => string;
  export const disconnected: () => string;
  export const tokenExpired: () => string;
  export const userConnections: () => string;
  export const userRooms: () => string;
  export const userBoards: () => string;
  export const addressBoards: () => string;
  export const apiMisses: () => string;
}
declare module '$words/failure-words' {
  export const signIn: () => string;
  export const reload: () => string;
  export const askOperator: () => string;
  export const byItself: () => string;
  export const ifItGoesOn: () => string;
  export const malformed: () => string;
  export const unauthenticated: () => string;
  export const forbidden: () => string;
  export const forbiddenViewer: () => string;
  export const forbiddenOwner: () => string;
  export const roomNotFound: () => string;
  export const roomNotFoundAdvice: () => string;
  export const readOnly: () => string;
  export const readOnlyViewer: () => string;
  export const readOnlyEditor: () => string;
  export const foreignClient: () => string;
  export const foreignClientAdvice: () => string;
  export const roomErased: () => string;
  export const roomErasedAdvice: () => string;
  export const tooLarge: () => string;
  export const tooLargeAdvice: () => string;
  export const roomName: () => string;
  export const roomNameAdvice: () => string;
  export const textFrame: () => string;
  export const badUpdate: () => string;
  export const badUpdateAdvice: () => string;
  export const documentTooLarge: () => string;
  export const documentTooLargeAdvice: () => string;
  export const version: () => string;
  export const refused: () => string;
  export const cancelled: () => string;
  export const deviceStorage: () => string;
  export const deviceStorageAdvice: () => string;
  export const internal: () => string;
  export const loadFailed: () => string;
  export const overloaded: () => string;
  export const timeout: () => string;
  export const storageUnavailable: () => string;
  export const slowReader: () => string;
  export const roomFull: () => string;
  export const roomFullAdvice: () => string;
  export const incomplete: () => string;
  export const incompleteAdvice: () => string;
  export const draining: () => string;
  export const shutdown: () => string;
  export const authTimeout: () => string;
  export const rateLimited: () => string;
  export const rateLimitedAdvice: () => string;
  export const unavailable: () => string;
  export const connectionLost: () => string;
  export const connectionLostAdvice: () => string;
  export const tokenFailed: () => string;
  export const suspended: () => string;
  export const otherUser: () => string;
  export const disconnected: () => string;
  export const tokenExpired: () => string;
  export const userConnections: () => string;
  export const userConnectionsAdvice: () => string;
  export const userRooms: () => string;
  export const userBoards: () => string;
  export const userBoardsAdvice: () => string;
  export const addressBoards: () => string;
  export const apiMisses: () => string;
}
declare module '$words/fetch-part' {
  export const thisPartOfThePage: () => string;
  export const thisPartOfThePage2: () => string;
}
declare module '$words/file-sentences' {
  export const isEmpty: (i: { file: string | number }) => string;
  export const cantBeReadItWas: (i: { file: string | number }) => string;
  export const wasNotAddedThisServer: (i: { file: string | number }) => string;
  export const wasNotAddedThisDevice: (i: { file: string | number }) => string;
  export const isLargerThanTheMost: (i: { file: string | number; maxBytes: string | number }) => string;
  export const thisBoardHasNoRoom: (i: { file: string | number }) => string;
  export const yourOwnSpaceOnThis: (i: { file: string | number }) => string;
  export const youMayNoLongerChange: (i: { file: string | number }) => string;
  export const itIsLargerThanThis: (i: { file: string | number }) => string;
  export const itsBytesHaveChangedSince: (i: { file: string | number }) => string;
  export const theServerDidNotTake: (i: { file: string | number }) => string;
  export const isBeingDownloadedAlreadyTry: (i: { name: string | number }) => string;
  export const isNotHereYetThe: (i: { file: string | number }) => string;
  export const couldNotBeDownloadedThe: (i: { file: string | number }) => string;
  export const arrivedDamagedSoItWas: (i: { file: string | number }) => string;
  export const couldNotBeDownloadedYou: (i: { file: string | number }) => string;
  export const room: (i: { count: number; size: string | number }) => string;
  export const filesLeft: (i: { count: number }) => string;
  export const filesReadOnly: (i: { count: number }) => string;
  export const boardFull: (i: { file: string | number; max: string | number; left: string | number }) => string;
  export const boardFullNothing: (i: { file: string | number; max: string | number }) => string;
  export const userFull: (i: { file: string | number; max: string | number; left: string | number }) => string;
  export const userFullNothing: (i: { file: string | number; max: string | number }) => string;
  export const inTab: (i: { file: string | number }) => string;
  export const onDevice: (i: { file: string | number }) => string;
  export const leftOut: (i: { count: number }) => string;
}
declare module '$words/file-state' {
  export const waitingForTheNetwork: () => string;
  export const theServerDidNotTake: () => string;
  export const theServerIsFullTrying: () => string;
  export const theServerIsBusyTrying: () => string;
  export const notHereYet: (i: { bytes: string | number }) => string;
  export const notShared: (i: { code: string | number }) => string;
  export const theBoardIsFull: () => string;
  export const yourSpaceIsFull: () => string;
  export const viewOnly: () => string;
  export const tooLarge: () => string;
  export const itWasChanged: () => string;
  export const boardDeleted: () => string;
  export const waiting: () => string;
  export const paused: (i: { done: string | number }) => string;
  export const waits: (i: { done: string | number; why: string | number }) => string;
  export const refused: () => string;
}
declare module '$words/file-transfer' {
  export const thePictureCouldNotBe: (i: { error: string | number }) => string;
  export const thePictureIsSavedWithout: () => string;
  export const thisBrowserDoesNotLet: () => string;
  export const copiedAsAPicture: () => string;
  export const thereIsNothingInThe: () => string;
  export const itsPicturesNeedAPart: () => string;
  export const thisDeviceHasNoRoom: () => string;
  export const pictures: (i: { count: number }) => string;
  export const files: (i: { count: number }) => string;
  export const copiedAsSvg: () => string;
  export const saveAsSvgInstead: () => string;
}
declare module '$words/FileBar' {
  export const file: () => string;
  export const openAsPages: () => string;
  export const play: () => string;
  export const download: () => string;
  export const pause: () => string;
  export const resume: () => string;
  export const tryAgain: () => string;
  export const cancel: () => string;
}
declare module '$words/FileMessage' {
  export const tryToSendAgain: (i: { name: string | number }) => string;
  export const stopTheDownloadOf: (i: { name: string | number }) => string;
  export const play: (i: { name: string | number }) => string;
  export const pause: (i: { name: string | number }) => string;
  export const resume: (i: { name: string | number }) => string;
  export const download: (i: { name: string | number }) => string;
}
declare module '$words/FilePlayer' {
  export const thisBrowserCantPlayThis: () => string;
  export const player: () => string;
  export const closeThePlayer: () => string;
}
declare module '$words/files' {
  export const thereIsNothingHereYet: () => string;
  export const nothingIsSelected: () => string;
}
declare module '$words/find-text' {
  export const none: () => string;
  export const found: (i: { count: number }) => string;
  export const place: (i: { at: number; count: number }) => string;
}
declare module '$words/FindBar' {
  export const findOnThisBoard: () => string;
  export const theOneBefore: () => string;
  export const theNextOne: () => string;
  export const closeTheSearch: () => string;
}
declare module '$words/FirstSheet' {
  export const oneSheetEverybodysPens: () => string;
  export const boardsThatYouDrawOn: (i: { value: string | number }) => string;
  export const theyOpenWithoutANetwork: () => string;
}
declare module '$words/FocusExit' {
  export const showTheBarsAgain: () => string;
}
declare module '$words/FollowBar' {
  export const stop: () => string;
  export const youFollow: (i: { name: string | number }) => string;
  export const youAskedEveryoneToFollow: () => string;
  export const youFollowEscape: (i: { name: string | number }) => string;
  export const youPresent: (i: { followers: string | number }) => string;
  export const youPresentAlone: () => string;
}
declare module '$words/FrameTitle' {
  export const titleOfTheFrame: () => string;
}
declare module '$words/Hello' {
  export const othersSeeYouAs: () => string;
  export const thatsMe: () => string;
}
declare module '$words/help' {
  export const tools: () => string;
  export const view: () => string;
  export const edit: () => string;
  export const found: (i: { count: number }) => string;
  export const mouseAndTrackpad: () => string;
  export const moveAround: () => string;
  export const wheel: () => string;
  export const twoFingersOnATrackpad: () => string;
  export const spaceDrag: () => string;
  export const middleOrRightButtonDrag: () => string;
  export const moveSideways: () => string;
  export const shiftWheel: () => string;
  export const zoom: () => string;
  export const modWheel: () => string;
  export const pinch: () => string;
  export const zoomInOrOut: () => string;
  export const holdZAndClick: () => string;
  export const holdZAndDragA: () => string;
  export const holdZAndAltClick: () => string;
  export const scrollWhileDragging: () => string;
  export const holdItAtAnEdge: () => string;
  export const selectAndOneMore: () => string;
  export const click: () => string;
  export const shiftClick: () => string;
  export const selectAllThatABox: () => string;
  export const dragOnThePaper: () => string;
  export const selectOnlyWhatLiesIn: () => string;
  export const altDragOnThePaper: () => string;
  export const selectWithALasso: () => string;
  export const menuSelectWithALasso: () => string;
  export const goIntoAGroup: () => string;
  export const doubleClick: () => string;
  export const modClick: () => string;
  export const nameAFrame: () => string;
  export const doubleClickItsTitle: () => string;
  export const putSomethingIntoAFrame: () => string;
  export const dragItInOrOut: () => string;
  export const showOneFrameAfterThe: () => string;
  export const menuPresentFrames: () => string;
  export const whatCanBeDoneWith: () => string;
  export const rightClick: () => string;
  export const writeInATextOr: () => string;
  export const squareCircleOrALine: () => string;
  export const shiftDraw: () => string;
  export const aStraightPieceOfA: () => string;
  export const shiftPen: () => string;
  export const aLineOrArrowWith: () => string;
  export const clickEachPointDoubleClick: () => string;
  export const bendASelectedLine: () => string;
  export const dragOneOfItsPoints: () => string;
  export const takeABendOut: () => string;
  export const doubleClickIt: () => string;
  export const shapeFromItsCentre: () => string;
  export const altDraw: () => string;
  export const keepTheProportions: () => string;
  export const shiftDragACorner: () => string;
  export const moveStraightUpDownOr: () => string;
  export const shiftDrag: () => string;
  export const snapOrNotForOne: () => string;
  export const modDrag: () => string;
  export const copyWhatIsDragged: () => string;
  export const altDrag: () => string;
  export const putPicturesOnTheBoard: () => string;
  export const dropThemOnTheBoard: () => string;
  export const modV: () => string;
  export const mirrorAPicture: () => string;
  export const dragACornerPastThe: () => string;
  export const seeAPictureWithoutIts: () => string;
  export const holdWhileItsPanelIs: () => string;
  export const setASliderOfA: () => string;
  export const type0InItsField: () => string;
  export const addAWetinkFileTo: () => string;
  export const dropItOnTheBoard: () => string;
  export const touch: () => string;
  export const drawSelectEraseWhatThe: () => string;
  export const oneFinger: () => string;
  export const twoFingers: () => string;
  export const undo: () => string;
  export const tapWithTwoFingers: () => string;
  export const redo: () => string;
  export const tapWithThreeFingers: () => string;
  export const turnAStrokeIntoA: () => string;
  export const holdStillAtItsEnd: () => string;
  export const doubleTap: () => string;
  export const tapEachPointTapThe: () => string;
  export const holdAFingerStillWith: () => string;
  export const deselectOrFinishAText: () => string;
  export const tapOnThePaper: () => string;
  export const anyOtherAction: () => string;
  export const allActionsInTheMenu: () => string;
  export const copyOrderOrDeleteWhat: () => string;
  export const theRowAboveTheTools: () => string;
  export const alignFlipOrTidyUp: () => string;
  export const arrangeInTheRowAbove: () => string;
  export const pen: () => string;
  export const thickerOrThinner: () => string;
  export const pressHarderOrSofter: () => string;
  export const erase: () => string;
  export const theOtherEndOfThe: () => string;
  export const holdTheButtonAtIts: () => string;
  export const steadyTheHandOrDraw: () => string;
  export const theStyleOfThePen: () => string;
  export const letFingersDrawAgain: () => string;
  export const theSwitchBesideTheTools: () => string;
  export const copy: () => string;
  export const cut: () => string;
  export const pasteAtTheMouse: () => string;
  export const arrowKeys: () => string;
  export const nothingFoundTryAnotherWord: () => string;
  export const selectAShapeWithoutFill: () => string;
  export const clickItsLineOrIts: () => string;
  export const moveWhatIsSelected: () => string;
  export const dragItOrAnywhere: () => string;
}
declare module '$words/HelpDialog' {
  export const help: () => string;
  export const searchTheHelp: () => string;
  export const searchSuchAsZoomOr: () => string;
  export const whatThereIs: () => string;
  export const or: () => string;
  export const shortcutsOfASingleKey: () => string;
  export const changeKeys: () => string;
}
declare module '$words/History' {
  export const undoAndRedo: () => string;
  export const undo: () => string;
  export const redo: () => string;
  export const zoom: () => string;
  export const zoomOut: () => string;
  export const zoomTo100: (i: { percent: string | number }) => string;
  export const zoomIn: () => string;
}
declare module '$words/Home' {
  export const onlyTheFirstBoardWas: () => string;
  export const light: () => string;
  export const dark: () => string;
  export const youAreNotSignedIn: () => string;
  export const signIn: () => string;
  export const start: () => string;
  export const newBoard: () => string;
  export const yourBoards: () => string;
  export const thisBrowserRefusesToStore: () => string;
  export const dropAWetinkFileTo: () => string;
}
declare module '$words/image-sentences' {
  export const isNotAPictureThat: (i: { file: string | number }) => string;
  export const isIncompleteItsEndIs: (i: { file: string | number }) => string;
  export const isDamagedOrThisBrowser: (i: { file: string | number }) => string;
  export const isLargerThanMbMake: (i: { file: string | number; maxfilebytes: string | number }) => string;
  export const hasMegapixelsAndABoard: (i: { file: string | number; pixels: number; maxpixels: string | number }) => string;
  export const couldNotBePreparedThis: (i: { file: string | number }) => string;
  export const wasNotPutOnThe: (i: { file: string | number }) => string;
  export const wasTooLargeToShare: (i: { name: string | number; size: string | number }) => string;
  export const thisBoardHasNoRoom: (i: { file: string | number }) => string;
  export const youMayNoLongerChange: (i: { file: string | number }) => string;
  export const theServerTakesOnlySmaller: (i: { file: string | number }) => string;
  export const theServerDidNotTake: (i: { file: string | number }) => string;
  export const inTab: (i: { file: string | number }) => string;
  export const onDevice: (i: { file: string | number }) => string;
  export const pixels: (i: { width: number; height: number }) => string;
  export const tooLargeToShare: (i: { count: number }) => string;
}
declare module '$words/in-time' {
  export const now: () => string;
  export const seconds: (i: { seconds: number }) => string;
  export const minutes: (i: { minutes: number }) => string;
  export const hours: (i: { hours: number }) => string;
}
declare module '$words/inbox-alerts' {
  export const arrived: (i: { count: number }) => string;
}
declare module '$words/InboxPanel' {
  export const notificationSettings: () => string;
  export const newConversation: () => string;
  export const backToTheNotifications: () => string;
  export const backToTheMessages: () => string;
  export const show: () => string;
  export const notifications: () => string;
  export const markAllAsRead: () => string;
  export const close: () => string;
  export const start: () => string;
  export const showOlder: () => string;
  export const thisBoardIsMuted: () => string;
  export const muteThisBoard: () => string;
  export const nothingYet: () => string;
  export const mentionsAnswersAndInvitationsAppear: () => string;
  export const readingWhatThisDeviceHas: () => string;
  export const messages: () => string;
  export const unread: (i: { count: number }) => string;
}
declare module '$words/InboxPreferences' {
  export const onThisDevice: () => string;
  export const turnOff: () => string;
  export const showNotificationsOnThisDevice: () => string;
  export const quietHours: () => string;
  export const from: () => string;
  export const to: () => string;
  export const devicesStaySilentThenNotifications: () => string;
  export const byKind: () => string;
  export const mutedBoards: () => string;
  export const untitledBoard: () => string;
  export const unmute: () => string;
  export const blockedPeople: () => string;
  export const someone: () => string;
  export const unblock: () => string;
  export const unmuteBoard: (i: { title: string | number }) => string;
  export const unblockPerson: (i: { name: string | number }) => string;
}
declare module '$words/invitations' {
  export const asksEveryoneToFollow: (i: { name: string | number }) => string;
  export const follow: () => string;
}
declare module '$words/kept-copies' {
  export const wetinkBoard: () => string;
  export const theFileHasWhatIs: () => string;
  export const itCouldNotBeCopied: (i: { message: string | number }) => string;
  export const discarded: () => string;
  export const fileName: (i: { title: string | number }) => string;
}
declare module '$words/kept-sentence' {
  export const notSaved: (i: { count: number; where: string | number; more: string | number }) => string;
  export const kept: (i: { count: number }) => string;
  export const writing: (i: { count: number }) => string;
  export const onlyInTab: (i: { count: number }) => string;
  export const moreSets: (i: { count: number }) => string;
  export const sentAgain: (i: { count: number }) => string;
  export const allThere: () => string;
  export const copied: () => string;
  export const copiedAndSent: (i: { sent: string | number }) => string;
  export const notCopiedNow: () => string;
  export const chat: (i: { count: number }) => string;
  export const chatNotSent: (i: { count: number }) => string;
  export const chatSomeNotSent: (i: { count: number; unsent: number }) => string;
  export const guest: () => string;
  export const line: (i: { when: string | number; name: string | number; text: string | number }) => string;
  export const lineNotSent: (i: { when: string | number; name: string | number; text: string | number }) => string;
}
declare module '$words/KeptLook' {
  export const theChatIsInThe: () => string;
  export const wetinkBoard: () => string;
  export const notSaved: () => string;
  export const theBoardAsYouHad: () => string;
  export const theBoardWithTheChanges: () => string;
  export const nothingIsDrawnOnIt: () => string;
  export const copyTheChat: () => string;
  export const saveTheChat: () => string;
  export const byHand: (i: { key: string | number }) => string;
  export const fileName: (i: { title: string | number }) => string;
}
declare module '$words/KeptNotice' {
  export const look: () => string;
  export const copyOntoTheBoard: () => string;
  export const saveAsAFile: () => string;
  export const discard: () => string;
}
declare module '$words/key-rows' {
  export const anotherAction: () => string;
}
declare module '$words/KeyList' {
  export const theBrowserOrTheBoard: () => string;
  export const isTheKeyOf: (i: { chord: string | number; holder: string | number }) => string;
  export const searchTheKeys: () => string;
  export const searchSuchAsPenOr: () => string;
  export const setAllBack: () => string;
  export const nothingFoundTryAnotherWord: () => string;
  export const keysOfActions: () => string;
  export const setTheKeyOfBack: (i: { label: string | number }) => string;
  export const switchTheKeyOfOff: (i: { label: string | number }) => string;
  export const pressTheNewKeyOr: () => string;
  export const noKey: () => string;
  export const pressAKey: () => string;
  export const none: () => string;
  export const useItHere: () => string;
  export const leaveItThere: () => string;
  export const actions: (i: { count: number }) => string;
}
declare module '$words/lacking-sentence' {
  export const pictures: (i: { count: number }) => string;
  export const files: (i: { count: number }) => string;
  export const picturesWaiting: (i: { count: number }) => string;
  export const filesWaiting: (i: { count: number }) => string;
  export const picturesRefused: (i: { count: number }) => string;
  export const filesRefused: (i: { count: number }) => string;
  export const filesPaused: (i: { count: number }) => string;
  export const kept: (i: { count: number }) => string;
  export const fileAtRisk: () => string;
  export const pictureAtRisk: () => string;
  export const wait: (i: { count: number; things: string | number }) => string;
  export const notSaved: (i: { things: string | number }) => string;
  export const saving: (i: { things: string | number }) => string;
  export const savingMore: (i: { count: number }) => string;
  export const paused: (i: { things: string | number }) => string;
  export const onlyInTab: () => string;
  export const offlineKept: (i: { things: string | number }) => string;
  export const offlineInTab: (i: { things: string | number }) => string;
}
declare module '$words/language-choice' {
  export const language: () => string;
  export const reloads: () => string;
}
declare module '$words/leave-sentence' {
  export const both: () => string;
  export const pictures: () => string;
  export const files: () => string;
  export const pages: () => string;
  export const preparing: () => string;
}
declare module '$words/LeaveDialog' {
  export const leaveThisBoard: () => string;
  export const stay: () => string;
  export const leaveAndLoseThem: () => string;
}
declare module '$words/lock-sentence' {
  export const nothingIsLocked: () => string;
  export const unlocked: (i: { count: number }) => string;
}
declare module '$words/look-presets' {
  export const vivid: () => string;
  export const warm: () => string;
  export const cool: () => string;
  export const fade: () => string;
  export const mono: () => string;
  export const noir: () => string;
  export const sepia: () => string;
}
declare module '$words/LookSlider' {
  export const inPercent: (i: { label: string | number }) => string;
  export const mixed: () => string;
  export const percent: (i: { percent: number }) => string;
  export const percentBy: (i: { percent: number; by: string | number }) => string;
}
declare module '$words/MentionList' {
  export const people: () => string;
}
declare module '$words/Menu' {
  export const asTheSystem: () => string;
  export const light: () => string;
  export const dark: () => string;
  export const snapToObjects: () => string;
  export const grid: () => string;
  export const mapOfTheBoard: () => string;
  export const selectWithALasso: () => string;
  export const selectOnlyWhatIsInside: () => string;
  export const menu: () => string;
  export const allBoards: () => string;
  export const putAFileOnThis: () => string;
  export const saveAsAFile: () => string;
  export const exportPng: () => string;
  export const exportSvg: () => string;
  export const exportSelectionAsPng: () => string;
  export const exportSelectionAsSvg: () => string;
  export const theme: () => string;
  export const zoomToFit: () => string;
  export const pages: () => string;
  export const findWords: () => string;
  export const listOfWhatIsHere: () => string;
  export const allActions: () => string;
  export const presentFrames: () => string;
  export const zoomToTheSelection: () => string;
  export const hideTheBars: () => string;
  export const preferences: () => string;
  export const help: () => string;
  export const unlockAll: () => string;
  export const trash: () => string;
  export const deleteForEverybody: () => string;
  export const clearTheBoard: () => string;
  export const clearThePage: () => string;
  export const paper: () => string;
  export const exportAllPagesAsPng: () => string;
  export const exportAllPagesAsSvg: () => string;
}
declare module '$words/Message' {
  export const guest: () => string;
  export const program: () => string;
  export const you: () => string;
  export const messageDeleted: () => string;
  export const edited: () => string;
  export const jumpToView: () => string;
}
declare module '$words/MessageActions' {
  export const react: () => string;
  export const reply: () => string;
  export const edit: () => string;
  export const deleteIt: () => string;
  export const emojis: () => string;
  export const deleteItForEveryone: () => string;
  export const keep: () => string;
  export const block: () => string;
  export const cancel: () => string;
}
declare module '$words/MessageList' {
  export const messages: () => string;
  export const newIt: () => string;
  export const guest: () => string;
  export const newest: () => string;
}
declare module '$words/Modal' {
  export const close: () => string;
}
declare module '$words/MyName' {
  export const chooseAPictureOfYou: () => string;
  export const chooseAnotherPictureOfYou: () => string;
  export const yourNameAsOthersSee: () => string;
  export const removeYourPicture: () => string;
  export const keepThisName: () => string;
}
declare module '$words/NewsPace' {
  export const screenReadersSayWhatOthers: () => string;
}
declare module '$words/not-put-sentence' {
  export const left: (i: { count: number }) => string;
  export const readOnly: (i: { count: number }) => string;
}
declare module '$words/NotFound' {
  export const nothingHere: () => string;
  export const reload: () => string;
  export const allBoards: () => string;
}
declare module '$words/notification-rules' {
  export const mentions: () => string;
  export const answers: () => string;
  export const messages: () => string;
  export const invitations: () => string;
  export const yourRole: () => string;
  export const news: () => string;
  export const listAndDevices: () => string;
  export const listOnly: () => string;
  export const never: () => string;
  export const shownOnThisDeviceAlso: () => string;
  export const shownWhileThisPageIs: () => string;
  export const shownWhileThisPageIs2: () => string;
  export const thisBrowserShowsNotificationsOutside: () => string;
  export const thisBrowserBlocksNotificationsOf: () => string;
  export const notificationsCanAlsoBeShown: () => string;
  export const blockYouGetNoNotifications: (i: { name: string | number }) => string;
  export const muted: (i: { count: number }) => string;
  export const blocked: (i: { count: number }) => string;
}
declare module '$words/notification-sentence' {
  export const someone: () => string;
  export const untitledBoard: () => string;
  export const mentionedYou: () => string;
  export const answeredYou: () => string;
  export const wroteToYou: () => string;
  export const notifications: () => string;
  export const whatYouMarkAsRead: () => string;
  export const offlineNewerNotificationsComeWhen: (i: { kept: string | number }) => string;
  export const theServerCantSendNotifications: (i: { kept: string | number }) => string;
  export const signInToGetNewer: () => string;
  export const theServerDoesNotLet: () => string;
  export const unread: (i: { count: number }) => string;
  export const arrived: (i: { count: number }) => string;
}
declare module '$words/NotificationRow' {
  export const unread: () => string;
}
declare module '$words/offline-sentence' {
  export const thisPageOpensWithoutA: () => string;
  export const gettingReadyToOpenWithout: () => string;
  export const thisPageDoesNotOpen: () => string;
  export const thisPageDoesNotOpen2: () => string;
  export const thisPageDoesNotOpen3: () => string;
}
declare module '$words/OlderMessages' {
  export const showOlderMessages: () => string;
  export const loading: () => string;
}
declare module '$words/OpenByLink' {
  export const boardLinkOrId: () => string;
  export const openByLink: () => string;
  export const open: () => string;
}
declare module '$words/own-picture' {
  export const yourPictureIsRemoved: () => string;
  export const undo: () => string;
}
declare module '$words/page-name' {
  export const page: (i: { number: number }) => string;
  export const otherPage: (i: { number: number }) => string;
  export const quoted: (i: { name: string | number }) => string;
  export const place: (i: { number: number; count: number }) => string;
  export const behindName: (i: { number: number; count: number }) => string;
}
declare module '$words/page-work' {
  export const copyOf: (i: { name: string | number }) => string;
  export const isDeleted: (i: { name: string | number }) => string;
  export const undo: () => string;
  export const thisBoardHasAsMany: () => string;
}
declare module '$words/PageList' {
  export const pages: () => string;
  export const addAPage: () => string;
  export const nameOfThePage: () => string;
  export const rename: () => string;
  export const duplicate: () => string;
  export const deleteIt: () => string;
  export const moveWhatIsSelectedHere: () => string;
  export const page: (i: { number: number }) => string;
}
declare module '$words/pdf-sentences' {
  export const isProtectedByAPassword: (i: { file: string | number }) => string;
  export const isDamagedOrIsNot: (i: { file: string | number }) => string;
  export const takesTooLongToRead: (i: { file: string | number }) => string;
  export const thisBrowserCantShowThe: (i: { file: string | number }) => string;
  export const thePartOfThePage: () => string;
  export const pageCantBeDrawn: (i: { page: string | number }) => string;
  export const noneOfThesePagesCan: () => string;
  export const document: () => string;
  export const enterPageNumbersFrom1: (i: { pages: string | number }) => string;
  export const theFirstPageMustCome: () => string;
  export const cantBeDrawn: (i: { count: number }) => string;
  export const pageLeft: (i: { first: string | number }) => string;
  export const pagesLeft: (i: { first: string | number; last: string | number }) => string;
  export const noneOpened: () => string;
  export const opened: (i: { count: number; missing: string | number }) => string;
  export const notPutLeft: () => string;
  export const notPutReadOnly: () => string;
  export const notPutRefused: () => string;
  export const atMost: (i: { count: number }) => string;
}
declare module '$words/PdfProgress' {
  export const readingTheDocument: () => string;
  export const puttingThePagesOnThe: () => string;
  export const drawingPageOf: (i: { done: string | number; total: string | number }) => string;
  export const openingPages: () => string;
  export const stopOpeningPages: () => string;
  export const pagesDrawn: () => string;
  export const whichPages: () => string;
  export const fromPage: () => string;
  export const toPage: () => string;
  export const openThePages: () => string;
  export const tooMany: (i: { count: number; max: number }) => string;
}
declare module '$words/PenField' {
  export const off: () => string;
  export const some: () => string;
  export const strong: () => string;
  export const steadyHand: () => string;
  export const sameWidthEverywhere: () => string;
  export const holdStillForANeat: () => string;
}
declare module '$words/PenSwitch' {
  export const fingersDraw: () => string;
  export const fingersDrawLikeThePen: () => string;
  export const fingersMoveTheBoardThe: () => string;
  export const fingersMove: () => string;
}
declare module '$words/people-words' {
  export const nobodyYouCanWriteTo: () => string;
  export const thisDeviceKnowsNobodyTo: () => string;
  export const onABoardTheList: () => string;
  export const nobodyYouCanAddIs: () => string;
  export const thisDeviceKnowsNobodyTo2: () => string;
  export const peopleWhoAreNotListed: () => string;
}
declare module '$words/PeoplePanel' {
  export const owner: () => string;
  export const canOnlyView: () => string;
  export const writeTo: (i: { name: string | number }) => string;
  export const write: () => string;
  export const follow: () => string;
  export const react: () => string;
  export const reactWith: (i: { emoji: string | number }) => string;
  export const saySomethingAtMyCursor: () => string;
  export const lowerMyHand: () => string;
  export const raiseMyHand: () => string;
  export const stopPresenting: () => string;
  export const bringEveryoneToMe: () => string;
  export const followPerson: (i: { name: string | number }) => string;
}
declare module '$words/PeoplePicker' {
  export const guest: () => string;
  export const online: () => string;
  export const findAPerson: () => string;
  export const askingTheServerWhoIs: () => string;
  export const nobodyHasThisName: () => string;
}
declare module '$words/person-sentence' {
  export const hasThePen: () => string;
  export const hasTheEraser: () => string;
  export const drawsRectangles: () => string;
  export const drawsEllipses: () => string;
  export const drawsLines: () => string;
  export const drawsArrows: () => string;
  export const hasTheTextTool: () => string;
  export const pointsWithTheLaser: () => string;
  export const fillsShapes: () => string;
  export const lookingAround: () => string;
  export const selecting: () => string;
  export const typing: () => string;
  export const lookingOn: () => string;
  export const handUp: (i: { place: string | number }) => string;
  export const presenting: () => string;
  export const followsYou: () => string;
  export const idle: () => string;
  export const away: () => string;
  export const onPage: (i: { page: string | number }) => string;
}
declare module '$words/picture-edit' {
  export const isMovingIt: (i: { mover: string | number }) => string;
}
declare module '$words/picture-sentence' {
  export const lessThan1: () => string;
  export const atItsUsualSizeThis: (i: { size: string | number; percent: string | number }) => string;
  export const editing: (i: { count: number }) => string;
  export const isEditing: (i: { name: string | number }) => string;
  export const isWriting: (i: { name: string | number }) => string;
  export const writing: (i: { count: number }) => string;
  export const percent: (i: { percent: number }) => string;
  export const size: (i: { width: number; height: number }) => string;
  export const emptyPages: (i: { count: number }) => string;
}
declare module '$words/PicturePanel' {
  export const brightness: () => string;
  export const exposure: () => string;
  export const contrast: () => string;
  export const saturation: () => string;
  export const warmth: () => string;
  export const hue: () => string;
  export const blur: () => string;
  export const vignette: () => string;
  export const greyscale: () => string;
  export const sepia: () => string;
  export const invert: () => string;
  export const roundCorners: () => string;
  export const editPicture: () => string;
  export const picture: () => string;
  export const close: () => string;
  export const crop: () => string;
  export const mirrorLeftAndRight: () => string;
  export const mirrorTopAndBottom: () => string;
  export const replaceThePicture: () => string;
  export const downloadTheOriginal: () => string;
  export const copyTheLook: () => string;
  export const pasteTheLook: () => string;
  export const takeEverythingOff: () => string;
  export const presets: () => string;
  export const strengthOf: (i: { name: string | number }) => string;
  export const pictures: (i: { count: number }) => string;
  export const hold: (i: { key: string | number }) => string;
}
declare module '$words/PictureThread' {
  export const talkAboutIt: () => string;
  export const you: () => string;
  export const messageDeleted: () => string;
  export const writeAboutThisPicture: () => string;
  export const messageAboutThisPicture: () => string;
  export const send: () => string;
}
declare module '$words/place-field' {
  export const leftEdge: () => string;
  export const topEdge: () => string;
  export const width: () => string;
  export const height: () => string;
  export const turn: () => string;
  export const typeANumberSuchAs: () => string;
  export const aTurnIsAtMost: () => string;
  export const theBoardEnds9000: () => string;
  export const theSmallestSizeIs1: () => string;
  export const theLargestSizeIs1: () => string;
}
declare module '$words/place-words' {
  export const topLeft: () => string;
  export const topRight: () => string;
  export const bottomLeft: () => string;
  export const bottomRight: () => string;
}
declare module '$words/PlaceFields' {
  export const placeAndSize: () => string;
  export const inDegrees: (i: { label: string | number }) => string;
  export const inPixels: (i: { label: string | number }) => string;
}
declare module '$words/PreferencesDialog' {
  export const movesTheBoard: () => string;
  export const zooms: () => string;
  export const dragWithTheRightOr: () => string;
  export const zoomsWithAMouseMoves: () => string;
  export const whereItGuessesWrongChoose: () => string;
  export const preferences: () => string;
  export const keptOnThisDevice: () => string;
  export const theWheelOrTwoFingers: () => string;
  export const keys: () => string;
  export const shortcutsOfASingleKey: () => string;
  export const keyAndWheel: (i: { key: string | number }) => string;
}
declare module '$words/Present' {
  export const frame: () => string;
  export const presentation: () => string;
  export const frameBefore: () => string;
  export const ofIt: (i: { at: string | number; length: string | number }) => string;
  export const nextFrame: () => string;
  export const endThePresentation: () => string;
  export const frameOf: (i: { at: string | number; length: string | number; title: string | number }) => string;
}
declare module '$words/program-sentences' {
  export const everyMessageInTheChat: () => string;
  export const messagesThatMentionSomebody: () => string;
  export const changesOfWhoMayOpen: () => string;
  export const sendATestToSwitch: () => string;
  export const removeItAndAddIt: () => string;
  export const switchedOff: (i: { off: string | number; remedy: string | number }) => string;
  export const nothingWasSentYet: () => string;
  export const notDelivered: (i: { ago: string | number; reason: string | number; tries: string | number }) => string;
  export const theServerRefusedThisAddress: () => string;
  export const thisBoardHasAsMany: () => string;
  export const thatProgramWasEndedAlready: () => string;
  export const thisBoardHasAsMany2: () => string;
  export const thatWebhookWasRemovedAlready: () => string;
  export const thePersonWhoAddedThis: () => string;
  export const added: (i: { ago: string | number }) => string;
  export const delivered: (i: { ago: string | number; status: string | number }) => string;
  export const deliveredSilent: (i: { ago: string | number }) => string;
  export const tries: (i: { count: number }) => string;
}
declare module '$words/ProgramBot' {
  export const end: () => string;
  export const endItsTokenStopsWorking: (i: { name: string | number }) => string;
  export const copyTheTokenNowIt: () => string;
  export const tokenOf: (i: { name: string | number }) => string;
  export const copyToken: () => string;
  export const theTokenIsInThe: () => string;
  export const anExampleForAShell: () => string;
  export const endProgram: (i: { name: string | number }) => string;
}
declare module '$words/ProgramForm' {
  export const nameOfANewProgram: () => string;
  export const addProgram: () => string;
}
declare module '$words/ProgramWebhook' {
  export const copyTheSecretNowIt: () => string;
  export const secretOfThisWebhook: () => string;
  export const copySecret: () => string;
  export const theSecretIsInThe: () => string;
  export const sendATestTo: (i: { url: string | number }) => string;
  export const sendATest: () => string;
  export const remove: () => string;
  export const removeThisWebhookNothingMore: () => string;
  export const removeUrl: (i: { url: string | number }) => string;
}
declare module '$words/pushed-notification' {
  export const aNewNotification: () => string;
}
declare module '$words/recent-boards' {
  export const waits: (i: { count: number }) => string;
}
declare module '$words/refused-sentence' {
  export const full: () => string;
  export const tooMuch: () => string;
  export const mayNot: () => string;
  export const foreign: () => string;
  export const other: () => string;
  export const last: (i: { why: string | number; where: string | number }) => string;
  export const messages: (i: { count: number; why: string | number; where: string | number }) => string;
  export const kept: (i: { count: number }) => string;
  export const onlyInTab: (i: { count: number }) => string;
  export const unreadable: () => string;
  export const undiscarded: () => string;
}
declare module '$words/RefusedMessages' {
  export const theWordsAreInThe: () => string;
  export const messagesThatWereNotSent: () => string;
  export const sendAgain: () => string;
  export const copy: () => string;
  export const discard: () => string;
  export const byHand: (i: { key: string | number }) => string;
}
declare module '$words/role-sentence' {
  export const viewOnly: (i: { who: string | number }) => string;
  export const viewOnlyByOwner: () => string;
  export const canDraw: () => string;
  export const owns: (i: { who: string | number }) => string;
  export const somebodyOwns: () => string;
  export const yours: () => string;
}
declare module '$words/router' {
  export const pasteABoardLinkOr: () => string;
  export const thatIsNotALink: () => string;
  export const noBoardInThatA: () => string;
  export const thatBoardLivesOnOpen: (i: { host: string | number }) => string;
}
declare module '$words/SayField' {
  export const wordsBesideYourCursorEnter: () => string;
  export const saySomething: () => string;
}
declare module '$words/SearchField' {
  export const closeTheSearch: () => string;
}
declare module '$words/SearchResults' {
  export const guest: () => string;
  export const searchOlderMessagesToo: () => string;
}
declare module '$words/sentences' {
  export const someone: () => string;
  export const changedThis: (i: { count: number; who: string | number }) => string;
  export const changedSome: (i: { count: number; who: string | number }) => string;
  export const youChangedThis: () => string;
  export const youChangedSome: () => string;
  export const sparedThis: (i: { count: number; who: string | number }) => string;
  export const sparedSome: (i: { count: number; who: string | number }) => string;
  export const youSparedThis: () => string;
  export const youSparedSome: () => string;
  export const deletedThis: (i: { count: number; who: string | number }) => string;
  export const deletedSome: (i: { count: number; who: string | number }) => string;
  export const youDeletedThis: () => string;
  export const youDeletedSome: () => string;
  export const typedThis: () => string;
  export const typedSome: () => string;
  export const typing: (i: { count: number; names: string | number }) => string;
  export const typingMore: (i: { count: number; names: string | number }) => string;
  export const comma: (i: { first: string | number; second: string | number }) => string;
  export const two: (i: { first: string | number; second: string | number }) => string;
  export const more: (i: { count: number; names: string | number }) => string;
  export const onlyYouHere: () => string;
  export const peopleHere: (i: { count: number }) => string;
  export const follow: (i: { count: number; names: string | number }) => string;
}
declare module '$words/server-line' {
  export const noAnswerNow: () => string;
  export const noAnswer: (i: { when: string | number }) => string;
  export const goesOn: (i: { when: string | number }) => string;
  export const connected: () => string;
  export const answersNow: () => string;
  export const answers: (i: { when: string | number }) => string;
  export const closed: () => string;
  export const connecting: () => string;
}
declare module '$words/session-pdf-pages' {
  export const page: (i: { page: number; name: string | number }) => string;
  export const pageOfADocument: (i: { page: number }) => string;
}
declare module '$words/shapes' {
  export const diamond: () => string;
  export const triangle: () => string;
  export const hexagon: () => string;
  export const star: () => string;
  export const cloud: () => string;
  export const speechBubble: () => string;
  export const cylinder: () => string;
  export const checkBox: () => string;
  export const eyedropper: () => string;
  export const fill: () => string;
  export const laserPointer: () => string;
}
declare module '$words/ShapesMenu' {
  export const moreShapesAndTools: () => string;
  export const moreShapesAndTools2: (i: { label: string | number }) => string;
}
declare module '$words/share-files' {
  export const theFileWasNotSent: () => string;
  export const theFilesWereNotSent: () => string;
  export const files: (i: { count: number }) => string;
}
declare module '$words/share-Programs' {
  export const aProgramWithAToken: () => string;
  export const askingTheServer: () => string;
  export const programs: () => string;
  export const webhooks: () => string;
  export const theServerTellsAnAddress: () => string;
  export const tryAgain: () => string;
}
declare module '$words/share-sentences' {
  export const canView: () => string;
  export const canDraw: () => string;
  export const onlyInvited: () => string;
  export const anyoneViews: () => string;
  export const anyoneDraws: () => string;
  export const signedInViews: () => string;
  export const signedInDraws: () => string;
  export const linkViews: () => string;
  export const linkDraws: () => string;
  export const freeViews: () => string;
  export const freeDraws: () => string;
  export const youView: (i: { owner: string | number }) => string;
  export const youDraw: (i: { owner: string | number }) => string;
}
declare module '$words/ShareDialog' {
  export const linksToThisBoardWork: () => string;
  export const anyoneWithTheLinkCan: () => string;
  export const shareThisBoard: () => string;
  export const onlyCanInviteSomebodyNew: (i: { name: string | number }) => string;
  export const linkToThisBoard: () => string;
  export const addressOfThisBoard: () => string;
  export const copyLink: () => string;
  export const copy: () => string;
  export const askingTheServer: () => string;
  export const tryAgain: () => string;
}
declare module '$words/ShareLink' {
  export const anyoneWhoCameByThis: () => string;
  export const linkToSend: () => string;
  export const copyLink: () => string;
  export const thisLinkIsTurnedOff: () => string;
  export const createLink: () => string;
  export const makingALink: () => string;
  export const thereIsNoLinkYet: () => string;
  export const whatPeopleWithThisLink: () => string;
  export const newLink: () => string;
  export const turnOff: () => string;
  export const makeANewLink: () => string;
  export const link: (i: { role: string | number }) => string;
  export const alsoViews: () => string;
  export const alsoDraws: () => string;
}
declare module '$words/ShareOwner' {
  export const people: () => string;
  export const nobodyElseHasComeYet: () => string;
  export const whoCanOpenIt: () => string;
  export const programs: () => string;
}
declare module '$words/SharePerson' {
  export const makeTheOwnerTheBoard: (i: { name: string | number }) => string;
  export const removeTheBoardClosesFor: (i: { name: string | number }) => string;
  export const here: () => string;
  export const whatMayDo: (i: { name: string | number }) => string;
  export const removed: () => string;
  export const moreAbout: (i: { name: string | number }) => string;
  export const makeOwner: () => string;
  export const remove: () => string;
}
declare module '$words/shortcut-labels' {
  export const select: () => string;
  export const moveAroundOrHoldSpace: () => string;
  export const pen: () => string;
  export const highlighter: () => string;
  export const rectangle: () => string;
  export const ellipse: () => string;
  export const diamond: () => string;
  export const line: () => string;
  export const arrow: () => string;
  export const text: () => string;
  export const eyedropperTakeAColourAlt: () => string;
  export const fillAShape: () => string;
  export const laserPointer: () => string;
  export const frame: () => string;
  export const putPicturesOnTheBoard: () => string;
  export const keepTheToolAfterDrawing: () => string;
  export const placeTheShapeInThe: () => string;
  export const undo: () => string;
  export const redo: () => string;
  export const selectAll: () => string;
  export const duplicateAgainAsFarAgain: () => string;
  export const deleteIt: () => string;
  export const nextElementShiftTheOne: () => string;
  export const oneForward: () => string;
  export const oneBackward: () => string;
  export const toTheFront: () => string;
  export const toTheBack: () => string;
  export const lockInPlaceOrUnlock: () => string;
  export const group: () => string;
  export const ungroup: () => string;
  export const alignLeft: () => string;
  export const alignRight: () => string;
  export const alignAtTheTop: () => string;
  export const alignAtTheBottom: () => string;
  export const centreAcross: () => string;
  export const centreUpAndDown: () => string;
  export const equalGapsAcross: () => string;
  export const equalGapsUpAndDown: () => string;
  export const flipLeftToRight: () => string;
  export const flipUpsideDown: () => string;
  export const copyTheStyle: () => string;
  export const pasteTheStyleWithoutOne: () => string;
  export const nudgeOrMoveTheCrosshair: () => string;
  export const finishLeaveTheGroupDeselect: () => string;
  export const zoomIn: () => string;
  export const zoomOut: () => string;
  export const zoomTo100: () => string;
  export const zoomToFit: () => string;
  export const zoomToTheSelection: () => string;
  export const holdAndClickOrDrag: () => string;
  export const mapOfTheBoard: () => string;
  export const nextPage: () => string;
  export const pageBefore: () => string;
  export const gridOnOrOff: () => string;
  export const hideTheBarsOrShow: () => string;
  export const lightOrDark: () => string;
  export const saveAsAFile: () => string;
  export const copyAsPng: () => string;
  export const wordsBesideYourCursor: () => string;
  export const raiseOrLowerYourHand: () => string;
  export const chat: () => string;
  export const findWordsOnTheBoard: () => string;
  export const listOfWhatIsOn: () => string;
  export const allActionsByName: () => string;
  export const thisHelp: () => string;
  export const eraser: () => string;
  export const widerOrNarrower: () => string;
  export const toTheStyleOfWhat: () => string;
}
declare module '$words/shortcuts' {
  export const ctrl: () => string;
  export const shift: () => string;
  export const alt: () => string;
  export const esc: () => string;
  export const enter: () => string;
  export const pgDn: () => string;
  export const pgUp: () => string;
  export const tab: () => string;
  export const del: () => string;
  export const backspace: () => string;
  export const leftArrow: () => string;
  export const upArrow: () => string;
  export const rightArrow: () => string;
  export const downArrow: () => string;
  export const returnKey: () => string;
  export const pageDown: () => string;
  export const pageUp: () => string;
  export const forwardDelete: () => string;
  export const deleteKey: () => string;
  export const rightBracket: () => string;
  export const leftBracket: () => string;
  export const equals: () => string;
  export const minus: () => string;
  export const questionMark: () => string;
  export const fullStop: () => string;
  export const apostrophe: () => string;
  export const escape: () => string;
  export const command: () => string;
  export const option: () => string;
}
declare module '$words/signs' {
  export const reacted: (i: { names: string | number; emojis: string | number }) => string;
  export const says: (i: { name: string | number; words: string | number }) => string;
}
declare module '$words/stage-host' {
  export const thePageYouWereOn: () => string;
  export const thePageStays: () => string;
}
declare module '$words/state-company' {
  export const theyHaveLeft: () => string;
  export const followsYouAlready: (i: { name: string | number }) => string;
  export const hasLeftYouNoLonger: (i: { shown: string | number }) => string;
  export const hasStoppedPresenting: (i: { shown: string | number }) => string;
  export const followsYouNow: (i: { shown: string | number }) => string;
}
declare module '$words/state-outline' {
  export const isSelected: (i: { name: string | number }) => string;
  export const group: () => string;
  export const withElements: (i: { count: number; name: string | number }) => string;
  export const locked: () => string;
  export const facts: (i: { first: string | number; second: string | number }) => string;
}
declare module '$words/status-lines' {
  export const notAnsweredYet: () => string;
  export const unsaved: (i: { count: number; where: string | number }) => string;
  export const tooNew: () => string;
  export const viewers: () => string;
  export const notLetIn: () => string;
  export const shut: () => string;
  export const old: () => string;
  export const notTaken: () => string;
  export const again: () => string;
  export const merge: () => string;
  export const reading: () => string;
  export const allStored: () => string;
  export const allOfPageStored: () => string;
  export const allGot: () => string;
  export const onTheWay: () => string;
  export const canLook: () => string;
  export const noneWaits: () => string;
  export const othersMayNotBeSaved: () => string;
  export const theyKept: (i: { count: number }) => string;
  export const theyWriting: (i: { count: number }) => string;
  export const theyOnlyInTab: (i: { count: number }) => string;
  export const yourKept: (i: { count: number }) => string;
  export const yourWriting: (i: { count: number }) => string;
  export const yourOnlyInTab: (i: { count: number }) => string;
  export const theyGo: (i: { count: number }) => string;
  export const refused: (i: { count: number; why: string | number }) => string;
  export const refusedKept: (i: { count: number }) => string;
  export const refusedWriting: (i: { count: number }) => string;
  export const refusedOnlyInTab: (i: { count: number }) => string;
  export const blocked: () => string;
  export const full: () => string;
  export const failing: () => string;
  export const blockedAtRisk: () => string;
  export const fullAtRisk: () => string;
  export const failingAtRisk: () => string;
  export const unread: () => string;
}
declare module '$words/status-sentence' {
  export const opening: () => string;
  export const connecting: () => string;
  export const onThisDevice: () => string;
  export const viewOnly: () => string;
  export const saved: () => string;
  export const savedNotKept: () => string;
  export const onlineNotKept: () => string;
  export const sent: () => string;
  export const offline: () => string;
  export const offlineViewOnly: () => string;
  export const offlineNotKept: () => string;
  export const onlyInTab: (i: { count: number }) => string;
  export const saving: (i: { count: number }) => string;
  export const savingAfter: (i: { count: number; label: string | number }) => string;
  export const viewOnlyNotSaved: (i: { count: number }) => string;
  export const notSaved: (i: { count: number }) => string;
  export const restIsSaved: (i: { lacking: string | number }) => string;
  export const restIsSent: (i: { lacking: string | number }) => string;
  export const savingMore: (i: { count: number; lacking: string | number }) => string;
  export const labelled: (i: { label: string | number; work: string | number }) => string;
  export const kept: (i: { count: number }) => string;
  export const keeping: (i: { count: number }) => string;
}
declare module '$words/StatusChip' {
  export const saving: () => string;
}
declare module '$words/StatusDetail' {
  export const server: () => string;
  export const offline: () => string;
  export const tryNow: () => string;
}
declare module '$words/style-names' {
  export const colour: () => string;
  export const fill: () => string;
  export const width: () => string;
  export const line: () => string;
  export const corners: () => string;
  export const start: () => string;
  export const size: () => string;
  export const face: () => string;
  export const opacity: () => string;
  export const solid: () => string;
  export const dashed: () => string;
  export const dotted: () => string;
  export const sharp: () => string;
  export const round: () => string;
  export const none: () => string;
  export const arrow: () => string;
  export const triangle: () => string;
  export const bar: () => string;
  export const dot: () => string;
  export const diamond: () => string;
  export const hand: () => string;
  export const sans: () => string;
  export const mono: () => string;
  export const mixed: () => string;
  export const percent: (i: { percent: number }) => string;
  export const ends: (i: { start: string | number; end: string | number }) => string;
}
declare module '$words/StyleColumn' {
  export const style: () => string;
  export const orderGroupCopyDelete: () => string;
  export const arrange: () => string;
}
declare module '$words/StyleField' {
  export const ends: () => string;
  export const widthMixed: () => string;
  export const width: () => string;
  export const widthInPixels: () => string;
  export const lineMixed: () => string;
  export const line: () => string;
  export const roundCornersMixed: () => string;
  export const roundCorners: () => string;
  export const startOfTheLine: () => string;
  export const endOfTheLine: () => string;
  export const sizeMixed: () => string;
  export const size: () => string;
  export const textSize: (i: { size: string | number }) => string;
  export const faceMixed: () => string;
  export const face: () => string;
  export const opacityInPercent: () => string;
  export const mixed: (i: { name: string | number }) => string;
  export const px: (i: { width: number }) => string;
  export const face2: (i: { name: string | number }) => string;
}
declare module '$words/StylePanel' {
  export const locked: () => string;
  export const unlock: () => string;
}
declare module '$words/StyleRow' {
  export const style: () => string;
  export const howThePenDraws: () => string;
  export const description: () => string;
  export const orderAndMore: () => string;
  export const arrange: () => string;
  export const ends: () => string;
}
declare module '$words/text-sentence' {
  export const holds: (i: { count: number }) => string;
  export const tooLongToPaste: (i: { length: number; most: number }) => string;
  export const tooLongToDrop: (i: { length: number; most: number }) => string;
  export const noRoom: (i: { length: number; left: number; most: number }) => string;
}
declare module '$words/TextEditor' {
  export const text: () => string;
}
declare module '$words/Title' {
  export const untitledBoard: () => string;
  export const wetink: (i: { shown: string | number }) => string;
  export const boardTitle: () => string;
  export const rename: () => string;
}
declare module '$words/ToastList' {
  export const dismiss: () => string;
}
declare module '$words/together-sentence' {
  export const makeABoardPressShare: () => string;
  export const makeABoardAndDraw: () => string;
  export const makeABoardPressShare2: () => string;
  export const makeABoardPressShare3: () => string;
}
declare module '$words/ToolBar' {
  export const putPicturesOnTheBoard: () => string;
  export const moreShapesAndTools: () => string;
  export const keepTheToolAfterDrawing: () => string;
  export const tools: () => string;
  export const viewOnly: () => string;
  export const moreTools: () => string;
}
declare module '$words/tools' {
  export const select: () => string;
  export const moveAround: () => string;
  export const pen: () => string;
  export const highlighter: () => string;
  export const eraser: () => string;
  export const rectangle: () => string;
  export const ellipse: () => string;
  export const line: () => string;
  export const arrow: () => string;
  export const text: () => string;
  export const frame: () => string;
}
declare module '$words/TopEnd' {
  export const share: () => string;
  export const chat: () => string;
  export const unread: (i: { count: number }) => string;
}
declare module '$words/TopStart' {
  export const menu: () => string;
}
declare module '$words/trash' {
  export const undo: () => string;
}
declare module '$words/trash-sentence' {
  export const you: () => string;
  export const someone: () => string;
  export const deleted: (i: { count: number; who: string | number; ago: string | number }) => string;
  export const restored: (i: { count: number }) => string;
}
declare module '$words/TrashDialog' {
  export const trash: () => string;
  export const whatWasDeletedOnThis: () => string;
  export const looking: () => string;
  export const nothingWasDeleted: () => string;
  export const deletedElements: () => string;
  export const restore: () => string;
  export const showMoreOf: (i: { length: number }) => string;
  export const showOlderOnes: () => string;
  export const restoreAll: () => string;
  export const restoreChosen: () => string;
  export const restore2: (i: { count: number }) => string;
}
declare module '$words/unreachable' {
  export const minutes: (i: { count: number }) => string;
  export const seconds: (i: { count: number }) => string;
  export const aMinute: () => string;
  export const aMoment: () => string;
}
declare module '$words/update-sentence' {
  export const ready: () => string;
  export const askedUnsaved: () => string;
  export const askedGesture: () => string;
  export const askedDraft: () => string;
  export const askedTyping: () => string;
  export const askedDialog: () => string;
  export const taken: () => string;
  export const takenUnsaved: () => string;
  export const takenGesture: () => string;
  export const takenDraft: () => string;
  export const takenTyping: () => string;
  export const takenDialog: () => string;
}
declare module '$words/WebhookForm' {
  export const addressOfANewWebhook: () => string;
  export const send: () => string;
  export const addWebhook: () => string;
}
declare module '$words/paper-words' {
  export const dots: () => string;
  export const squares: () => string;
  export const lines: () => string;
  export const plain: () => string;
  export const white: () => string;
  export const cream: () => string;
  export const mint: () => string;
  export const sky: () => string;
  export const rose: () => string;
  export const grey: () => string;
  export const onlyView: () => string;
  export const everybodySees: () => string;
}
declare module '$words/PaperDialog' {
  export const paper: () => string;
  export const pattern: () => string;
  export const colour: () => string;
  export const inPictures: () => string;
}
declare module '$words/worker' {
  const tables: Readonly<Record<string, readonly import('./words/chosen.ts').Word[] | undefined>>;
  export default tables;
}
declare module '$words/language/*' {
  const words: readonly import('./words/chosen.ts').Word[];
  export default words;
}
