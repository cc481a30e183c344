export const kinds = ['unit', 'integration', 'system'];

/** What a run of the tests is to cover: `{ kinds, patterns, json, whole, planted }`, or `{ fault }` when the command line is wrong. */
export function readArguments(args) {
  const chosen = new Set();
  const patterns = [];
  let [json, planted] = [false, false];
  for (const argument of args) {
    const kind = argument.replace(/^--/, '');
    if (argument === '--json') json = true;
    else if (argument === '--planted') planted = true;
    else if (argument.startsWith('--') && kinds.includes(kind)) chosen.add(kind);
    else if (argument.startsWith('-')) {
      return { fault: `test has no option "${argument}".` };
    } else patterns.push(argument);
  }
  if (planted && chosen.size > 0) {
    return { fault: 'test --planted goes with patterns only: each bug names the kind of its test.' };
  }
  const whole = chosen.size === 0 && patterns.length === 0;
  return { kinds: chosen.size > 0 ? kinds.filter((kind) => chosen.has(kind)) : kinds, patterns, json, whole, planted };
}
