const space = /[\t\n\r ]*/y;
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Container = '{' | '[';

/**
 * Where a text stops being JSON, as a character index; its length when it is merely incomplete or complete.
 * For texts that JSON.parse refused without saying where: it does so for an unexpected token.
 */
export function jsonFaultAt(text: string): number {
  const open: Container[] = [];
  let at = after(space, text, 0);
  let wanted: 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' = 'value';
  for (;;) {
    at = after(space, text, at);
    const next = text[at];
    if (next === undefined) return at;
    if (wanted !== 'value' && wanted !== 'key' && next === (open.at(-1) === '{' ? '}' : ']')) {
      open.pop();
      at += 1;
    } else if (wanted === 'comma or end') {
      if (next !== ',') return at;
      at += 1;
      wanted = open.at(-1) === '{' ? 'key' : 'value';
      continue;
    } else if (wanted === 'key' || wanted === 'key or end') {
      const end = next === '"' ? afterString(text, at) : { at, good: false };
      if (!end.good) return end.at;
      at = after(space, text, end.at);
      if (text[at] !== ':') return at;
      at += 1;
      wanted = 'value';
      continue;
    } else if (next === '{' || next === '[') {
      open.push(next);
      at += 1;
      wanted = next === '{' ? 'key or end' : 'value or end';
      continue;
    } else {
      const end = next === '"' ? afterString(text, at) : afterScalar(text, at);
      if (!end.good) return end.at;
      at = end.at;
    }
    if (open.length === 0) return after(space, text, at);
    wanted = 'comma or end';
  }
}

function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function afterScalar(text: string, at: number): { at: number; good: boolean } {
  const end = after(scalar, text, at);
  return { at: end, good: end > at };
}

function afterString(text: string, start: number): { at: number; good: boolean } {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return { at: at + 1, good: true };
    if (unit < 0x20) return { at, good: false };
    if (unit !== 0x5c) continue;
    const end = after(escape, text, at);
    if (end === at) return { at, good: false };
    at = end - 1;
  }
  return { at: text.length, good: false };
}
