import { processesByDefault, type CommandRule } from './domain/command-rule.js';

interface HarmlessCommand {
  name: string;
  arguments: readonly string[];
}

/** None of them reads or writes a file, or reaches another machine: with `date -f` it would read one, so that is left out. */
const harmless: readonly HarmlessCommand[] = [
  { name: 'echo', arguments: ['*', '-*'] },
  { name: 'printf', arguments: ['*'] },
  { name: 'true', arguments: [] },
  { name: 'false', arguments: [] },
  { name: 'sleep', arguments: ['*'] },
  { name: 'date', arguments: ['+*', '-u', '--utc', '-I', '-Iseconds', '-R'] },
];

const timeoutSeconds = 600;

/** Commands by which a fresh platform can be tried. */
export function harmlessCommands(locate: (name: string) => string | null): CommandRule[] {
  return harmless.flatMap(({ name, arguments: patterns }) => {
    const executable = locate(name);
    if (executable === null) return [];
    return {
      ...{ name, executable, arguments: patterns, timeout_s: timeoutSeconds, max_processes: processesByDefault },
      ...{ leading_arguments: [], environment: ['TZ', 'LANG'], set_environment: {}, pass_environment: [] },
    };
  });
}
