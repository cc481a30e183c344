import type { JobChange } from '../job-records.js';
import type { JobMove } from './job-lifecycle.js';
import type { LedgerEntry } from './ledger-entry.js';

/** What a move of a job writes beside the state. */
export function changeOf(entry: LedgerEntry, move: JobMove, at: string): JobChange {
  const { created_at, started_at } = entry.job;
  // Our clock may have been set back since.
  const now = [at, created_at, started_at ?? ''].reduce((latest, time) => (time > latest ? time : latest));
  // What ends before anything of it was given to a worker has never begun.
  const ended = { started_at: started_at ?? (entry.hasBegun ? now : null), finished_at: now };
  switch (move) {
    case 'start':
      return { started_at: started_at ?? now };
    case 'cancel':
      // It was stopped once, and a person has had it go on since: now it ends as what he asks for.
      return entry.job.expired ? { expired: false, aborted: false } : {};
    case 'expire':
    case 'give_up':
      return { expired: true };
    case 'abort':
      return { expired: true, aborted: true };
    case 'finish_expire':
      entry.noteExpired();
      return { ...entry.snapshot(), ...ended };
    case 'complete':
    case 'fail':
    case 'finish_cancel':
      return { ...entry.snapshot(), ...ended };
    case 'recover':
      return { finished_at: null };
    default:
      return {};
  }
}
