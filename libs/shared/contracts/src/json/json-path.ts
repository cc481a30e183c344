const stringOrMark = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},:]/gs;
const keyLengthMax = 100;

/**
 * The path of the value that stands at a place of a JSON text: `data.tasks[3].payload`.
 * @param root what the path starts with
 */
export function jsonPathAt(text: string, offset: number, root = ''): string {
  const open: (string | number)[] = [];
  let lastString = '';
  for (const { 0: token, index } of text.matchAll(stringOrMark)) {
    if (index >= offset) break;
    const inner = open.at(-1);
    if (token === '{') open.push('');
    else if (token === '[') open.push(0);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') open[open.length - 1] = keyOf(lastString);
    else if (token !== ',') lastString = token;
    else if (typeof inner === 'number') open[open.length - 1] = inner + 1;
  }
  return open.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : path ? `${path}.${step}` : step),
    root,
  );
}

function keyOf(text: string): string {
  return (JSON.parse(text) as string).slice(0, keyLengthMax);
}
