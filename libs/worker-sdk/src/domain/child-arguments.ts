/** Options of Node that say what it runs, or that two processes cannot both have. */
const own = /^--(inspect|debug-port|eval(=|$)|print(=|$)|check$|watch|test|interactive$|input-type|experimental-default-type)/;
const ownShort = ['-e', '-p', '-pe', '-c', '-i'];
const withText = ['-e', '-p', '-pe', '--eval', '--print'];

/** Options with which a process of a handler starts: those of its worker, such as the loader of TypeScript. */
export function childArguments(execArgv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < execArgv.length; at += 1) {
    const option = execArgv[at] as string;
    if (own.test(option) || ownShort.includes(option)) {
      // Only a value stands without a dash among options.
      const isBeforeValue = !option.includes('=') && execArgv[at + 1]?.startsWith('-') === false;
      if (withText.includes(option) || isBeforeValue) at += 1;
    } else kept.push(option);
  }
  return kept;
}
