import { Option } from 'commander';
import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { actionOrList, decimal, wholeNumber } from './option-values.js';

export const poolActions = [
  ...(['list', 'show', 'create', 'delete', 'add-slot', 'remove-slot', 'allocate', 'heartbeat', 'release'] as const),
  ...(['anomalies', 'recover', 'isolate', 'auto-recover', 'locks', 'clean-locks', 'unlock', 'forget-host'] as const),
];

/** The command about pools of git working copies, with its arguments and options. */
export function addPoolCommands(add: AddCommand): void {
  add('pool', '')
    .addArgument(actionOrList(poolActions))
    .argument('[name]')
    .option('--repository <url>', 'create: what is cloned')
    .option('--size <number>', 'create: slots (1)', wholeNumber)
    .option('--host <name>', 'create: the host that gets it; with others the host that is meant')
    .option('--branch <name>', 'create: the branch that slots are at')
    .option('--shallow <commits>', 'create: commits of each branch that slots have (all)', wholeNumber)
    .option('--submodules', 'create: gives slots the submodules of the repository, each named by POOL_ALLOWED_URLS')
    .option('--partial <filter>', 'create: what slots do without until git asks: blob:none, blob:limit=1m')
    .option('--no-mirror', 'create: slots come from the remote, not from a copy on the host')
    .option('--owner <who>', 'allocate: who works in it')
    .option('--purpose <text>', 'allocate: what for')
    .option('--ref <ref>', 'allocate: a branch, tag or commit to be at')
    .option('--lease <seconds>', 'allocate: for how long each heartbeat counts', wholeNumber)
    .option('--token <number>', 'heartbeat, release: what allocate gave', wholeNumber)
    .option('--force', 'Take it from whoever has it; with recover also call it available though the repair has failed')
    .option('--reason <text>', 'isolate: why')
    .option('--hours <number>', 'Age at which allocations or locks are anomalies (24)', decimal)
    .addOption(
      new Option('--strategy <name>', 'auto-recover: conservative, aggressive or maintenance').choices([
        'conservative',
        'aggressive',
        'maintenance',
      ]),
    )
    .addOption(
      new Option('--depth <depth>', 'How closely slots are looked at: quick, connectivity, full').choices([
        'quick',
        'connectivity',
        'full',
      ]),
    )
    .option('--pause <seconds>', 'auto-recover: two passes with so many seconds between', decimal)
    .option('--dry-run', 'Say what would be done, and change nothing')
    .action(lazily(async () => (await import('./commands/pool.js')).pool));
}
