import type { Origin } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';

/** Something that somebody has had changed. */
export interface Act extends Origin {
  action: string;
  data: unknown;
}

/** What an act may be about. The rest of what was asked for may hold anything, and is not logged. */
const subjectsOfActs = [
  'job_id',
  'task_id',
  'error_record_id',
  'group_id',
  'recovery_id',
  'error_type',
  'tasks',
  'slot_id',
  'pool',
] as const;
const idMax = 200;

/** Tells the log who had what changed. */
export class Acts {
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly logger: Logger) {}

  /** Calls the listener after each. */
  onAct(listener: () => void): void {
    this.listeners.push(listener);
  }

  note({ action, data, actor, requestId }: Act): void {
    this.logger.info({ action, ...subjectOf(data), actor, requestId }, 'Carried out what was asked for');
    for (const listener of this.listeners) listener();
  }
}

function subjectOf(data: unknown): Record<string, string | number> {
  if (typeof data !== 'object' || data === null) return {};
  const given = data as Record<string, unknown>;
  return Object.fromEntries(
    subjectsOfActs.flatMap((name): [string, string | number][] => {
      const value = given[name];
      if (typeof value === 'string') return [[name, value.slice(0, idMax)]];
      return typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}
