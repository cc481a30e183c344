import type { AddCommand } from './add-command.js';
import { lazily } from './lazy-command.js';
import { decimal } from './option-values.js';

/** Commands that show what is now. */
export function addLiveCommands(add: AddCommand): void {
  add('top', '')
    .option('--every <seconds>', 'How often it is drawn, 0.5 to 60 (default 1)', decimal, 1)
    .option('--once', 'Tell it once')
    .action(lazily(async () => (await import('./commands/top.js')).top));
}
