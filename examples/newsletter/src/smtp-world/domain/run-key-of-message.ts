/** The RUN_KEY in the header of a message, however its line was folded. */
export function runKeyOfMessage(head: string): string | undefined {
  const header = head.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const unfolded = header.replace(/\r?\n[ \t]+/g, ' ');
  return /^X-Run-Key:[ \t]*(\S.*?)[ \t]*$/im.exec(unfolded)?.[1];
}
