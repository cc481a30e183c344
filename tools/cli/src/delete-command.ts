import type { AddCommand } from './add-command.js';
import { withHistoryFilters } from './history-filter-options.js';
import { endedJobStatuses } from './option-choices.js';
import { lazily } from './lazy-command.js';

/** The command that deletes a job, or all that filters fit. */
export function addDeleteCommand(add: AddCommand): void {
  withHistoryFilters(add('delete', '[id]'), endedJobStatuses)
    .option(
      '--force',
      'Also a job that has not ended: it is cancelled first, what runs is asked to stop, and it goes once nothing of it runs',
    )
    .option('--dry-run', 'Only say how many jobs the filters fit')
    .option('--yes', 'Delete them without asking')
    .action(lazily(async () => (await import('./commands/delete.js')).deleteJobs));
}
