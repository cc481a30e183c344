/** A key that cannot be made, or a file that holds something else than keys. The message says what to do. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
}
