/** Moves the view back to the drawing. Fetched late: nobody needs it for the first stroke. */
import type { BoardElement } from '@wetink/board';
import { boundsOf, type Stage } from '@wetink/canvas';
import { pageGlide } from '../browser/page-glide.ts';
import { contentCamera } from '../core/content-camera.ts';
import { CameraGlide } from '../session/camera-glide.ts';

/** @returns False when there is nothing to go to. */
export function backToContent(stage: Stage, elements: readonly BoardElement[]): boolean {
  const camera = contentCamera(
    elements.flatMap((element) => boundsOf([element]) ?? []),
    stage.state.camera,
    stage.size,
  );
  if (camera !== null) new CameraGlide(stage, pageGlide).to(camera);
  return camera !== null;
}
