const classEnd = /^\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]?/u;
const escape = /^\\(?:[pPx]\{[^}]*\}|Q(?:[^\\]|\\[^E])*(?:\\E)?|[\s\S])?/u;
const repeat = /^\{(\d{1,9})(?:,(\d{0,9}))?\}/;

/**
 * About how many instructions a regular expression compiles to, told from its text alone: what is counted is repeated as often
 * as it says. A short text can be a very large program, which costs time to make and to run.
 */
export function patternSize(pattern: string): number {
  const outer: number[] = [];
  let sum = 0;
  let last = 0;
  const add = (size: number): void => {
    last = size;
    sum += size;
  };
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const [counted, least, most] = repeat.exec(rest) ?? [];
    const [whole] = classEnd.exec(rest) ?? escape.exec(rest) ?? [];
    if (counted !== undefined) {
      const times = Math.max(Number(least), Number(most || least));
      sum += last * (times - 1);
      last *= times;
    } else if (whole !== undefined) add(whole.startsWith('\\Q') ? whole.length : 1);
    else if (rest.startsWith('(')) {
      outer.push(sum);
      sum = 0;
    } else if (rest.startsWith(')')) {
      const inner = sum + 2;
      sum = outer.pop() ?? 0;
      add(inner);
    } else if (/^[*+?]/.test(rest)) sum += 1;
    else add(1);
    at += (counted ?? whole ?? ' ').length;
  }
  return outer.reduce((total, size) => total + size, sum);
}
