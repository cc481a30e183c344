import { parseExactly } from '@kintsugi/contracts';
import type { Chunk } from './chunk.js';

/** What manual recoveries have laid over a task's payload so far. */
export function paramsOf(chunk: Chunk, index: number): Record<string, unknown> | undefined {
  const text = chunk.state.extras.params[index];
  return text === undefined ? undefined : (parseExactly(text) as Record<string, unknown>);
}
