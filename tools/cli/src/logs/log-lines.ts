import type { LogLine } from '@kintsugi/contracts';
import { programText } from '../terminal/program-text.js';
import type { Paint } from '../terminal/output.js';

/** Lines of a log for a person: when, which task and attempt, and what was written, without power over the terminal. */
export function logLines(lines: readonly LogLine[], paint: Paint): string[] {
  return lines.map((line) => `${paint.dim(`${line.at.slice(11, 23)} ${sourceOf(line)}`)} ${textOf(line, paint)}`);
}

/** The task within its job, and the attempt: as much of it as tells one line from another. */
function sourceOf({ task_id: taskId, attempt }: LogLine): string {
  return `${taskId.slice('task_'.length + 37)}#${attempt}`;
}

function textOf({ stream, level, text }: LogLine, paint: Paint): string {
  const shown = programText(text.replace(/\r$/, '')).replaceAll('\r', '␍');
  // What brings colours of its own must end them with its line.
  const closed = shown.includes('\u001b') ? `${shown}\u001b[0m` : shown;
  if (stream === 'note') return paint.dim(closed);
  if (level === 'error') return paint.red(closed);
  return level === 'warn' ? paint.yellow(closed) : closed;
}
