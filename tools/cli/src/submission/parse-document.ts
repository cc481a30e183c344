import { ProblemError, parseJsonExactly } from '@kintsugi/contracts';

const excerptLength = 30;

/**
 * The value of a document of JSON; a fault is told with its line and column, as an editor counts them, and what stands there.
 * @param firstLine the line of the file on which the text begins
 */
export function parseDocument(text: string, firstLine = 1): unknown {
  try {
    // What is to become of a number that no double holds is for the gateway to say.
    return parseJsonExactly(text, 'The submission');
  } catch (error) {
    const offset = error instanceof ProblemError ? /at character (\d+)/.exec(error.message)?.[1] : undefined;
    throw offset === undefined ? error : faultAt(text, Number(offset), firstLine);
  }
}

function faultAt(text: string, offset: number, firstLine: number): ProblemError {
  const before = text.slice(0, offset).split('\n');
  const place = `line ${firstLine + before.length - 1}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  const isCutOff = text.slice(offset).trim() === '';
  const excerpt = text.slice(offset, offset + excerptLength).split('\n')[0];
  return new ProblemError(
    'JSON_INVALID',
    isCutOff ? `The submission ends in the middle of its JSON, at ${place}.` : `The submission is not valid JSON at ${place}.`,
    { errors: [{ path: place, rule: 'JSON', got: isCutOff ? 'the end' : (excerpt ?? ''), allowed: 'JSON' }] },
  );
}
