/** What is wrong with a line of a list. Whoever knows the list's name adds it. */
export class LineFault extends Error {
  override readonly name = 'LineFault';
  constructor(
    readonly line: number,
    what: string,
  ) {
    super(what);
  }
}
