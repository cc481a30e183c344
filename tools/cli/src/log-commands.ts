import { Option } from 'commander';
import { logLevels, logStreams } from '@kintsugi/contracts';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { atLeastOne } from './option-values.js';

/** The command that reads logs. */
export function addLogCommands(add: AddCommand): void {
  add('logs', '[id]')
    .option('--follow')
    .option('--task <id>')
    .option('--attempt <number>', '', atLeastOne)
    .addOption(new Option('--stream <name>').choices(logStreams))
    .addOption(new Option('--level <level>').choices(logLevels))
    .option('--grep <text>')
    .option('--since <time>')
    .option('--until <time>')
    .option('--last <number>', '', atLeastOne)
    .option('--text')
    .action(lazily(async () => (await import('./commands/logs.js')).logs));
}
