import { Argument, Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { decimal, wholeNumber } from './option-values.js';

export const poolActions = [
  ...(['list', 'show', 'create', 'delete', 'add-slot', 'remove-slot', 'allocate', 'heartbeat', 'release'] as const),
  ...(['anomalies', 'recover', 'isolate', 'auto-recover', 'locks', 'clean-locks', 'unlock'] as const),
];

/** The command about pools of git working copies, with its arguments and options. */
export function addPoolCommands(add: AddCommand): void {
  add('pool', '')
    .addArgument(new Argument('<action>').choices(poolActions))
    .argument('[name]')
    .option('--repository <url>')
    .option('--size <number>', '', wholeNumber)
    .option('--branch <name>')
    .option('--owner <who>')
    .option('--purpose <text>')
    .option('--ref <ref>')
    .option('--lease <seconds>', '', wholeNumber)
    .option('--token <number>', '', wholeNumber)
    .option('--force')
    .option('--reason <text>')
    .option('--hours <number>', '', decimal)
    .addOption(new Option('--strategy <name>').choices(['conservative', 'aggressive', 'maintenance']))
    .addOption(new Option('--depth <depth>').choices(['quick', 'connectivity', 'full']))
    .option('--dry-run')
    .action(lazily(async () => (await import('./commands/pool.js')).pool));
}
