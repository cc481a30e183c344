import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { decimal, oneMoreOf } from './option-values.js';

/** As in the contracts, which are not loaded to read a command line; a test holds both equal. */
const metricNames = ['cpu', 'memory', 'duration', 'throughput'];

/** Commands that show what is now. */
export function addLiveCommands(add: AddCommand): void {
  add('top', '')
    .option('--every <seconds>', 'How often it is drawn, 0.5 to 60 (default 1)', decimal, 1)
    .option('--once', 'Tell it once')
    .action(lazily(async () => (await import('./commands/top.js')).top));
  add('metrics', '<id...>')
    .addOption(
      new Option('--metric <name>', 'Only cpu, memory, duration or throughput; may be given again')
        .choices(metricNames)
        .argParser(oneMoreOf(metricNames)),
    )
    .option('--interval <length>', 'How long a bucket is, such as 30s, 5m, 1h')
    .option('--from <time>', 'From then on, such as 2026-11-01 or 2h')
    .option('--to <time>', 'Up to then')
    .action(lazily(async () => (await import('./commands/metrics.js')).metrics));
}
