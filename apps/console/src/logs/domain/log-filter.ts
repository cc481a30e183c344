import { logLevels, type ActionInput, type LogLevel } from '@kintsugi/contracts';
import { shellWord } from '../../display/domain/shell-word.js';

/** What a reader looks for in a log; kept in the address, so that it can be sent to somebody. */
export interface LogFilter {
  /** Only lines with this text. */
  text?: string | undefined;
  /** Only lines of this level or above. */
  level?: string | undefined;
  /** Only this task. */
  task?: string | undefined;
  /** Only this run of it. */
  attempt?: number | undefined;
  /** The line that is meant. */
  line?: number | undefined;
  /** Where to begin; the end where nothing is said. */
  from?: string | undefined;
}

type LogQuery = Omit<ActionInput<'readJobLog'>, 'job_id' | 'limit' | 'cursor'>;

/** Lines that are shown before one that a link names. */
const linesBefore = 50;
const lastLines = 1_000;

/** What is asked of the platform: around the line that is meant, the beginning of the log, or its end. */
export function queryOf({ text, level, task, attempt, line, from }: LogFilter): LogQuery {
  return {
    ...(text ? { text } : {}),
    ...(level && (logLevels as readonly string[]).includes(level) ? { level: level as LogLevel } : {}),
    ...(task ? { task_id: task } : {}),
    ...(task && attempt ? { attempt } : {}),
    ...(task && line ? { from_line: Math.max(1, line - linesBefore) } : from === 'start' ? {} : { last: lastLines }),
  };
}

/** The command that shows the same. */
export function commandOf(jobId: string, { text, level, task, attempt }: LogFilter): string {
  const options = [
    ...(text ? ['--grep', shellWord(text)] : []),
    ...(level ? ['--level', shellWord(level)] : []),
    ...(task ? ['--task', shellWord(task)] : []),
    ...(task && attempt ? ['--attempt', String(attempt)] : []),
  ];
  return ['./kintsugi logs', jobId, ...options].join(' ');
}
