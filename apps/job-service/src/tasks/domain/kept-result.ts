import { limits, utf8Length } from '@kintsugi/contracts';

/**
 * A task's result as it is kept: the JSON text of what the handler returned, bounded in size. In place of what cannot
 * be kept stands a note that says why.
 */
export function keptResult(result: unknown): string {
  const text = jsonText(result);
  if (text === null) return dropped('it nests deeper than can be read back');
  const bytes = utf8Length(text);
  return bytes <= limits.resultBytes ? text : dropped(`${bytes} bytes are more than the ${limits.resultBytes} that are kept`);
}

/** Null where the nesting exhausts the stack, which no other JSON does. */
function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}

function dropped(why: string): string {
  return JSON.stringify({ result_dropped: why });
}
