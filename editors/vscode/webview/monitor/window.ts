// Which rows of a long list are near enough to the visible part to be drawn.

export interface Window {
  /** The first row that is drawn, and the first one after it that is not. */
  readonly from: number;
  readonly to: number;
  /** Pixels that stand in for the rows before and after. */
  readonly before: number;
  readonly after: number;
}

/** `top` and `bottom` are the visible part, in pixels from the list's own top; `margin` is drawn beyond each of them. */
export function windowOf(heights: readonly number[], top: number, bottom: number, margin: number): Window {
  let y = 0;
  let from = heights.length;
  let to = heights.length;
  let before = 0;
  let drawn = 0;
  for (const [index, height] of heights.entries()) {
    const end = y + height;
    if (from === heights.length && end > top - margin) {
      from = index;
      before = y;
    }
    if (from <= index && y < bottom + margin) {
      to = index + 1;
      drawn = end;
    }
    y = end;
  }
  if (from === heights.length || drawn === 0) {
    return { from: 0, to: 0, before: 0, after: y };
  }
  return { from, to, before, after: y - drawn };
}

/** Where a row is, in pixels from the list's own top. */
export function spanOf(heights: readonly number[], index: number): { readonly top: number; readonly bottom: number } {
  const top = heights.slice(0, index).reduce((sum, height) => sum + height, 0);
  return { top, bottom: top + (heights[index] ?? 0) };
}
