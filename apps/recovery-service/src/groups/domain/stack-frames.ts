/** Frames that tell one failure from another. */
const framesMax = 3;

/** Lines of a stack that are looked at. */
const linesMax = 50;

/**
 * The calls at the top of a stack trace that are the application's own: function and file, without the line, which moves
 * with every release. A function that calls itself is there once.
 */
export function topFrames(stack: string | undefined): string[] {
  const frames: string[] = [];
  for (const line of (stack ?? '').split('\n', linesMax)) {
    const frame = frameIn(line);
    if (frame === null || frame === frames.at(-1)) continue;
    frames.push(frame);
    if (frames.length === framesMax) break;
  }
  return frames;
}

/** What is left of a stack without its first line, where that is no call: stacks that are alike below it have the same top frames. */
export function belowMessage(stack: string): string {
  const end = stack.indexOf('\n');
  return end === -1 || frameIn(stack.slice(0, end)) !== null ? stack : stack.slice(end);
}

/** Of Node and browsers: `at name (place:line:column)` or `at place:line:column`; of Python: `File "place", line 3, in name`. */
function frameIn(line: string): string | null {
  const text = line.trim().slice(0, 500);
  const python = /^File "([^"]+)", line \d+, in (\S+)/.exec(text);
  if (python) return frameOf(python[2] ?? '', python[1] ?? '');
  if (!text.startsWith('at ')) return null;
  const called = /^at (?:async |new )*([^(]+?) \(([^()]*)\)$/.exec(text);
  return called ? frameOf(called[1] ?? '', called[2] ?? '') : frameOf('', text.slice(3).replace(/^async /, ''));
}

function frameOf(name: string, place: string): string | null {
  if (/node_modules|^node:|^internal\/|site-packages|^native$|^<anonymous>$/.test(place)) return null;
  const file = place
    .replace(/(:\d+){1,2}$/, '')
    .split(/[/\\]/)
    .at(-1);
  return name === '' ? (file ?? '') : `${name} (${file ?? ''})`;
}
