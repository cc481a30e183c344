import { decodeUtf8 } from '@kintsugi/contracts';

const newline = 0x0a;

/** The text of NDJSON as it is read, in pieces that end with a line; bytes that are no UTF-8 are told with their line. */
export async function* taskLines(chunks: AsyncIterable<Uint8Array>, firstLine: number): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  let line = firstLine;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const piece = Buffer.concat([...rest, chunk.subarray(0, end + 1)]);
    rest = [chunk.subarray(end + 1)];
    yield textOf(piece, line);
    line += linesIn(piece);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield textOf(last, line);
}

/** Decodes all at once, and line by line only to find the one at fault. */
function textOf(piece: Uint8Array, firstLine: number): string {
  try {
    return decodeUtf8(piece);
  } catch {
    let line = firstLine;
    for (let start = 0; start < piece.length; line += 1) {
      const end = piece.indexOf(newline, start);
      decodeUtf8(piece.subarray(start, end < 0 ? piece.length : end), `line ${line}`);
      start = end < 0 ? piece.length : end + 1;
    }
    return '';
  }
}

function linesIn(piece: Uint8Array): number {
  let count = 0;
  for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) count += 1;
  return count;
}
