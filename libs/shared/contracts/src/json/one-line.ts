const stringOrSpace = /("[^"\\]*(?:\\.[^"\\]*)*")|[\t\n\r ]+/gs;

/** JSON on one line: without the white space between its parts where there is a line end among it, else as it is. */
export function oneLine(text: string): string {
  return /[\n\r]/.test(text) ? text.replace(stringOrSpace, (_, kept: string | undefined) => kept ?? '') : text;
}
