// When a server that died is started again.

/** More crashes than this within the window, and only the user starts it again: a guess at what is not a coincidence. */
const MOST = 3;
const WINDOW = 3 * 60_000;
const FIRST_DELAY = 500;

/** Milliseconds to wait before the next start, or undefined to give up; `crashes` are times in milliseconds, the last one new. */
export function delayAfter(crashes: readonly number[]): number | undefined {
  const last = crashes.at(-1) ?? 0;
  const recent = crashes.filter((at) => last - at <= WINDOW).length;
  return recent > MOST ? undefined : FIRST_DELAY * 2 ** (recent - 1);
}
