import type { PlatformLine } from '@kintsugi/supervisor';
import { programText } from '../terminal/program-text.js';
import type { Paint } from '../terminal/output.js';

/** As pino numbers them. */
const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** What every line has, or what is told in other words. */
const told = new Set(['level', 'time', 'msg', 'service', 'pid', 'v', 'hostname']);

/** Lines of the platform's own processes for a person: which process, when, how grave, what, and the rest of what it says. */
export function platformLogLines(lines: readonly PlatformLine[], paint: Paint): string[] {
  return lines.map(({ process, text }) => {
    const entry = entryOf(text);
    if (!entry) return `${paint.dim(process)} ${programText(text)}`;
    const { level, time, msg } = entry;
    const rest = Object.entries(entry).filter(([name]) => !told.has(name));
    const words = [
      typeof msg === 'string' ? msg : shown(msg ?? ''),
      ...rest.map(([name, value]) => `${name}=${shown(value)}`),
    ].filter((word) => word !== '');
    const name = typeof level === 'number' ? (levels[level] ?? String(level)) : '';
    const colored = name === 'error' || name === 'fatal' ? paint.red(name) : name === 'warn' ? paint.yellow(name) : name;
    const head = [paint.dim(`${process} ${programText(typeof time === 'string' ? time : '').slice(11, 23)}`.trimEnd()), colored];
    return [...head, programText(words.join(' '))].filter((part) => part !== '').join(' ');
  });
}

function entryOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'msg' in value && 'level' in value ? { ...value } : null;
  } catch {
    return null;
  }
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
