import { Option } from 'commander';
import { logLevels, logStreams } from '@kintsugi/contracts';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { atLeastOne } from './option-values.js';

const streams = 'Only stdout, stderr, log (what handlers log) or note (what the platform says, such as that lines are missing)';
const levels = 'Only lines of this level or above: debug, info, warn, error; what goes to stderr counts as warn';

/** The command that reads logs. */
export function addLogCommands(add: AddCommand): void {
  add('logs', '[id]')
    .option('--follow', 'Go on with what comes, until the job is over')
    .option('--task <id>', 'Only this task')
    .option('--attempt <number>', 'Only this run of each task', atLeastOne)
    .addOption(new Option('--stream <name>', streams).choices(logStreams))
    .addOption(new Option('--level <level>', levels).choices(logLevels))
    .option('--grep <text>', 'Only lines with this text in them')
    .option('--since <time>', 'Only lines from then on: 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d')
    .option('--until <time>', 'Only lines before then')
    .option('--last <number>', 'Only so many at the end, at most 1000', atLeastOne)
    .option('--platform', "What the platform's own processes have written, the last 20 lines of each unless --last says more")
    .option('--process <name>', 'With --platform: only this process, such as gateway or mongod')
    .option('--text', 'The text of the lines alone')
    .action(lazily(async () => (await import('./commands/logs.js')).logs));
}
