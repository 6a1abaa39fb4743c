/** Moves the stage's camera to a place over a few frames, unless anything else moves it or a pointer is down; and tells whether something did. */
import type { Camera, Stage } from '@wetink/canvas';
import { between } from '../core/view-camera.ts';

export interface GlideEnvironment {
  now(): number;
  /** Returns how to cancel it. */
  requestFrame(run: () => void): () => void;
  /** Reduced motion: the camera jumps. */
  isStill(): boolean;
}

export class CameraGlide {
  readonly #stage: Pick<Stage, 'state' | 'size' | 'setCamera'>;
  readonly #environment: GlideEnvironment;
  #target: Camera | null = null;
  /** As the stage had it after the last move of ours. */
  #ours: Camera;
  #cancel: (() => void) | null = null;
  #movedAt = 0;
  #isMoving = false;

  constructor(stage: Pick<Stage, 'state' | 'size' | 'setCamera'>, environment: GlideEnvironment) {
    this.#stage = stage;
    this.#environment = environment;
    this.#ours = stage.state.camera;
  }

  /** The camera as it is now counts as ours. */
  begin(): void {
    this.#ours = this.#stage.state.camera;
  }
  /** The camera is not where this has put it. */
  get wasMovedByOthers(): boolean {
    return this.#stage.state.camera !== this.#ours;
  }
  /** The change that the stage is telling now is this glide's. */
  get isMoving(): boolean {
    return this.#isMoving;
  }
  to(target: Camera): void {
    this.#target = target;
    if (this.#environment.isStill()) return this.#move(target);
    if (this.#cancel !== null) return;
    this.begin();
    this.#movedAt = this.#environment.now();
    this.#cancel = this.#environment.requestFrame(() => this.#frame());
  }
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#target = null;
  }

  #frame(): void {
    this.#cancel = null;
    const target = this.#target;
    if (target === null) return;
    if (this.wasMovedByOthers || this.#stage.state.isBusy) return this.stop();
    const now = this.#environment.now();
    const next = between(this.#stage.state.camera, target, now - this.#movedAt, this.#stage.size);
    this.#movedAt = now;
    if (next === target) this.#target = null;
    else this.#cancel = this.#environment.requestFrame(() => this.#frame());
    this.#move(next);
  }
  #move(camera: Camera): void {
    const before = this.#stage.state.camera;
    this.#isMoving = true;
    this.#stage.setCamera(camera);
    this.#isMoving = false;
    if (this.#stage.state.camera !== before) this.#ours = this.#stage.state.camera;
  }
}
