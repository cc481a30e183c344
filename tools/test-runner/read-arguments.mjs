export const kinds = ['unit', 'integration', 'system'];

/** What a run of the tests is to cover: `{ kinds, patterns, json, whole }`, or `{ fault }` when the command line is wrong. */
export function readArguments(args) {
  const chosen = new Set();
  const patterns = [];
  let json = false;
  for (const argument of args) {
    const kind = argument.replace(/^--/, '');
    if (argument === '--json') json = true;
    else if (argument.startsWith('--') && kinds.includes(kind)) chosen.add(kind);
    else if (argument.startsWith('-')) {
      return { fault: `test has no option "${argument}".` };
    } else patterns.push(argument);
  }
  const whole = chosen.size === 0 && patterns.length === 0;
  return { kinds: chosen.size > 0 ? kinds.filter((kind) => chosen.has(kind)) : kinds, patterns, json, whole };
}
