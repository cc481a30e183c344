/** What was read already, and what is still to come. */
export async function* following(
  begun: Uint8Array,
  chunks: AsyncIterator<Uint8Array, undefined>,
): AsyncGenerator<Uint8Array, undefined> {
  if (begun.length > 0) yield begun;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return undefined;
    yield value;
  }
}
