/**
 * The board as the painter shows it: a scene of its elements that follows its changes. What a change spoils is painted again.
 */
import type { Board, BoardChange, Theme } from '@wetink/board';
import { createTextFitter, type MeasureLine } from '../draw/text-layout.ts';
import type { Painter } from '../painter/painter.ts';
import { Scene } from '../scene.ts';

export interface ShownBoardOptions {
  readonly board: Board;
  readonly painter: Painter;
  readonly theme: Theme;
  readonly measure: MeasureLine;
  /** The scene is another, or has changed. */
  readonly onScene: () => void;
  /** A change of the board, after the scene has it. */
  readonly onChange: (change: BoardChange) => void;
  /** The board's details have changed, such as its paper. */
  readonly onMeta: () => void;
}

export class ShownBoard {
  readonly #options: ShownBoardOptions;
  #board: Board;
  #scene: Scene;
  #theme: Theme;
  #revision = 0;
  #stops: (() => void)[] = [];

  constructor(options: ShownBoardOptions) {
    this.#options = options;
    this.#board = options.board;
    this.#theme = options.theme;
    this.#scene = this.#read();
    this.#follow();
  }

  get board(): Board {
    return this.#board;
  }

  get scene(): Scene {
    return this.#scene;
  }

  get theme(): Theme {
    return this.#theme;
  }

  /** Grows with every change of the scene. */
  get revision(): number {
    return this.#revision;
  }

  /** Shows another board instead. */
  setBoard(board: Board): void {
    this.#board = board;
    this.#follow();
    this.#scene = this.#read();
    this.#revision++;
    this.#options.onScene();
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#options.painter.reset(this.#scene, theme);
  }

  /** Fonts have loaded, so text has other widths. */
  refit(): void {
    const { spoiled, shown } = this.#scene.refit(createTextFitter(this.#options.measure));
    this.#revision++;
    this.#options.painter.invalidate(spoiled, shown);
    this.#options.onScene();
  }

  /** Shows a change: of the board, or of how it looks on this screen alone. */
  show(change: BoardChange): void {
    const { painter, onScene } = this.#options;
    const { spoiled, shown, onTop } = this.#scene.apply(change);
    this.#revision++;
    if (spoiled.length > 0) painter.invalidate(spoiled, shown);
    if (onTop.length > 0) painter.addOnTop(onTop);
    if (change.isLocal) painter.keepShown([...shown, ...onTop]);
    onScene();
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #follow(): void {
    this.close();
    this.#stops = [
      this.#board.onChange((change) => {
        this.show(change);
        this.#options.onChange(change);
      }),
      this.#board.onMeta(() => this.#options.onMeta()),
    ];
  }

  #read(): Scene {
    const scene = new Scene(this.#board, createTextFitter(this.#options.measure));
    this.#options.painter.reset(scene, this.#theme);
    return scene;
  }
}
