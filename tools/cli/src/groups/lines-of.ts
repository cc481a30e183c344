import { StringDecoder } from 'node:string_decoder';

/** The lines of a stream, each cut to so many characters: the longest line is held no longer than that. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, lengthMax: number): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let line = '';
  let begun = false;
  for await (const bytes of stream) {
    const parts = decoder.write(Buffer.from(bytes)).split('\n');
    for (const [at, part] of parts.entries()) {
      if (at > 0) {
        yield withoutReturn(line);
        line = '';
      }
      if (line.length < lengthMax) line += part.slice(0, lengthMax - line.length);
    }
    begun = (parts.at(-1) ?? '') !== '' || (parts.length === 1 && begun);
  }
  if (begun) yield withoutReturn(line);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
