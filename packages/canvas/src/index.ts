/**
 * The framework-free Wetink editor. Names are listed one by one: nothing is public by accident.
 */
export { createStage } from './stage/stage.ts';
export type { Stage, StageOptions, StageStats } from './stage/stage-types.ts';
export type { StageState } from './editor/stage-state.ts';
export type { StageEnvironment } from './stage/environment.ts';
export { defaultStyle } from './editor/first-state.ts';
export { sharedStyle, styleFieldsOf } from './editor/style-fields.ts';
export type { SharedStyle, StyleField } from './editor/style-fields.ts';
export type { PenMode } from './pointers/pointers.ts';
export type { ToolName } from './tools/tool.ts';
export type { Peer } from './peers/peer-cursors.ts';
export { ringDash } from './peers/ring-dash.ts';
export type { WetMessage } from './wet/wet-sender.ts';
export type { Camera } from './camera.ts';
export { MAX_ZOOM, MIN_ZOOM } from './camera.ts';
export type { Box, Point } from './geometry.ts';
export { boundsOf } from './bounds.ts';
export { createMeasureLine, fontFamily, LINE_HEIGHT } from './draw/text-layout.ts';
export type { MeasureLine } from './draw/text-layout.ts';
export { TAB_SPACES } from './draw/text-tabs.ts';
export type { ImageSource, LoadOptions } from './images/image-cache.ts';
export type { ShownImage, ShownImages } from './images/shown-images.ts';
export { renderSvg } from './export/svg.ts';
export type { SvgFont, SvgOptions } from './export/svg.ts';
export { loadFonts, svgFonts } from './export/fonts.ts';
export type { FontPage } from './export/fonts.ts';
export { ExportError, MAX_PNG_AREA_PX, MAX_PNG_SIDE_PX, renderPng } from './export/png.ts';
export type { Png, PngOptions } from './export/png.ts';
export { Thumbnail } from './export/thumbnail.ts';
export type { ThumbnailOptions } from './export/thumbnail.ts';
export type { Picture } from './painter/backdrop.ts';
export type { TakenPicture } from './painter/painter.ts';
export type { CreateSurface, Surface } from './painter/tile-store.ts';
