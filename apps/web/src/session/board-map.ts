/**
 * Keeps the map of a board: a small picture of all that is drawn, the view, and the pointers and views of others.
 *
 * The picture is painted in slices while the page is idle and no pointer is down, at most twice a second, and on a large
 * board so seldom that it takes a twentieth of the time. Until it is done the one before it is shown, and the first one as it grows. The rest is painted
 * over it a few times a second: a pan waits for none of it.
 *
 *     change ── pause ──> idle slice ──> … ──> picture ─┐
 *     view or pointers moved ── pause ──> idle ─────────┴──> shown
 */
import { Thumbnail, type Camera, type CreateSurface, type MeasureLine, type Point, type Stage } from '@wetink/canvas';
import { personHue, type BoardElement, type Theme } from '@wetink/board';
import { dragged, fitMap, fromMap, grip, viewBox, type MapContent, type MapFit, type MapPerson } from '../core/board-map.ts';
import { parsePresence } from '../core/participants.ts';
import type { ViewSize } from '../core/view-camera.ts';
import type { scheduleTimeout, whenIdle } from '../browser/timers.ts';
import type { BoardSession } from './board-session.ts';

/** Others and the view are followed at this interval. */
const SHOW_EVERY_MS = 120;
const PICTURE_EVERY_MS = 500;
/** Share of the time that pictures may take. */
const PICTURE_SHARE = 1 / 20;
/** A quarter of a frame: a pointer that comes down in the middle of a slice waits no longer than that. */
const SLICE_MS = 4;

export interface BoardMapEnvironment {
  /** Milliseconds, monotonic. */
  now(): number;
  readonly schedule: typeof scheduleTimeout;
  readonly whenIdle: typeof whenIdle;
  readonly createSurface: CreateSurface;
  readonly measure: MeasureLine;
}

export interface BoardMapOptions {
  readonly session: Pick<BoardSession, 'board' | 'room' | 'onChange' | 'onPresence' | 'onReplaced'>;
  readonly stage: Pick<Stage, 'state' | 'size' | 'setCamera' | 'onState' | 'images'>;
  readonly theme: Theme;
  /** CSS pixels. */
  readonly size: ViewSize;
  readonly pixelRatio: number;
  readonly show: (content: MapContent) => void;
  readonly environment: BoardMapEnvironment;
}

export class BoardMap {
  readonly #options: BoardMapOptions;
  readonly #stops: readonly (() => void)[];
  #picture: MapContent['picture'] = null;
  /** The elements of the shown picture; null before the first. */
  #pictured: readonly BoardElement[] | null = null;
  #thumbnail: Thumbnail | null = null;
  #painted: readonly BoardElement[] = [];
  #costMs = 0;
  #begunShownAt = -Infinity;
  #nextPictureAt = 0;
  #cancelPicture: (() => void) | null = null;
  #cancelShow: (() => void) | null = null;
  /** The view is held by a pointer: the map does not slide away under it. */
  #hold: { readonly fit: MapFit; readonly held: Point } | null = null;
  #shownCamera: Camera | null = null;

  constructor(options: BoardMapOptions) {
    const { session, stage } = options;
    this.#options = options;
    this.#stops = [
      session.onChange(() => this.#planPicture()),
      session.onReplaced(() => this.#planPicture()),
      session.onPresence(() => this.#planShow()),
      stage.onState(() => {
        if (stage.state.camera !== this.#shownCamera) this.#planShow();
      }),
    ];
    this.#planPicture();
    this.#show();
  }

  /** A pointer came down. @param at CSS pixels from the map's top left. */
  press(at: Point): void {
    const { stage } = this.#options;
    const fit = this.#fit();
    this.#hold = { fit, held: grip(fromMap(fit, at), viewBox(stage.state.camera, stage.size)) };
    this.drag(at);
  }
  drag(at: Point): void {
    const { stage } = this.#options;
    if (this.#hold === null) return;
    stage.setCamera(dragged(fromMap(this.#hold.fit, at), this.#hold.held, stage.state.camera.zoom, stage.size));
    this.#show();
  }
  release(): void {
    this.#hold = null;
    this.#planShow();
  }
  /** Idempotent. */
  close(): void {
    for (const stop of this.#stops) stop();
    this.#cancelPicture?.();
    this.#cancelShow?.();
  }

  #planPicture(): void {
    const { environment } = this.#options;
    const waitMs = Math.max(0, this.#nextPictureAt - environment.now());
    this.#cancelPicture ??= environment.schedule(() => this.#whenIdle(), waitMs);
  }
  #whenIdle(): void {
    this.#cancelPicture = this.#options.environment.whenIdle(() => {
      this.#cancelPicture = null;
      if (this.#options.stage.state.isBusy) this.#wait();
      else this.#slice();
    });
  }
  /** The pen comes first. */
  #wait(): void {
    this.#cancelPicture = this.#options.environment.schedule(() => this.#whenIdle(), PICTURE_EVERY_MS);
  }
  #slice(): void {
    const { session, environment } = this.#options;
    const start = environment.now();
    // A picture that was begun is finished: where others change something all the time, there would never be one.
    if (this.#thumbnail?.isDone !== false && !this.#begin(session.board.elements())) return;
    const isDone = this.#thumbnail?.work(SLICE_MS) === true;
    this.#costMs += environment.now() - start;
    if (isDone) return this.#finish();
    if (this.#pictured === null) this.#showBegun();
    this.#whenIdle();
  }
  /** The first picture of a large board takes seconds on a busy device: it is shown as far as it is. */
  #showBegun(): void {
    const now = this.#options.environment.now();
    const picture = this.#picturedSoFar();
    if (picture === null || now - this.#begunShownAt < SHOW_EVERY_MS) return;
    this.#begunShownAt = now;
    this.#picture = picture;
    this.#show();
  }
  #picturedSoFar(): MapContent['picture'] {
    const [surface, box] = [this.#thumbnail?.surface(this.#options.theme) ?? null, this.#thumbnail?.box ?? null];
    return surface === null || box === null ? null : { surface, box };
  }
  /** @returns False when there is nothing new. */
  #begin(elements: readonly BoardElement[]): boolean {
    if (elements === this.#pictured) return false;
    const { theme, size, pixelRatio, environment, stage } = this.#options;
    this.#costMs = 0;
    if (this.#thumbnail?.continueWith(elements) !== true) {
      this.#thumbnail = new Thumbnail({
        elements,
        themes: [theme],
        maxWidthPx: Math.round(size.width * pixelRatio),
        maxHeightPx: Math.round(size.height * pixelRatio),
        images: stage.images,
        ...environment,
      });
    }
    this.#painted = elements;
    return true;
  }
  #finish(): void {
    const { session, environment } = this.#options;
    this.#picture = this.#picturedSoFar();
    this.#pictured = this.#painted;
    this.#nextPictureAt = environment.now() + Math.max(PICTURE_EVERY_MS, this.#costMs / PICTURE_SHARE);
    this.#planShow();
    if (session.board.elements() !== this.#pictured) this.#planPicture();
  }

  #planShow(): void {
    const { environment } = this.#options;
    this.#cancelShow ??= environment.schedule(() => {
      this.#cancelShow = environment.whenIdle(() => {
        this.#cancelShow = null;
        this.#show();
      });
    }, SHOW_EVERY_MS);
  }
  #show(): void {
    const { show, stage } = this.#options;
    this.#shownCamera = stage.state.camera;
    show({ fit: this.#fit(), picture: this.#picture, view: viewBox(stage.state.camera, stage.size), people: this.#people() });
  }
  #fit(): MapFit {
    const { stage, size } = this.#options;
    return this.#hold?.fit ?? fitMap(this.#picture?.box ?? null, viewBox(stage.state.camera, stage.size), size);
  }
  #people(): MapPerson[] {
    const { awareness } = this.#options.session.room;
    return [...awareness.getStates()].flatMap(([clientId, state]) => {
      const presence = clientId === awareness.clientID ? null : parsePresence(state, clientId);
      if (presence === null) return [];
      const { view, cursor, user } = presence;
      const box = view === undefined ? null : { minX: view.x, minY: view.y, maxX: view.x + view.w, maxY: view.y + view.h };
      return cursor === null && box === null ? [] : [{ hue: personHue(user.id), cursor, view: box }];
    });
  }
}
