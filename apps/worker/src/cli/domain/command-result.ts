import { jsonBytes, limits, withoutSecrets, type CommandResult } from '@kintsugi/contracts';
import type { KeptOutput } from './kept-output.js';

export interface CommandCourse {
  exitCode: number | null;
  signal: string | null;
  durationMs: number;
  stdout: KeptOutput;
  stderr: KeptOutput;
}

/** The platform keeps this much of a result; a part of it is for what surrounds the output. */
const outputBytesMax = limits.resultBytes - 1024;
const sharesOfOutput = [1, 0.5, 0.25, 0.12] as const;

/** The result that is kept of a command: as much of its output as there is room for, without secrets. */
export function commandResult(course: CommandCourse, secrets: readonly string[]): CommandResult {
  for (const share of sharesOfOutput) {
    const result = resultWith(course, Math.floor(outputBytesMax * share), secrets);
    if (jsonBytes(result) <= limits.resultBytes) return result;
  }
  return resultWith(course, 512, secrets);
}

function resultWith(
  { exitCode, signal, durationMs, stdout, stderr }: CommandCourse,
  bytes: number,
  secrets: readonly string[],
): CommandResult {
  const half = bytes / 2;
  const room = (other: KeptOutput): number => Math.floor(Math.max(half, bytes - other.bytes));
  const [out, err] = [stdout.textOf(room(stderr)), stderr.textOf(room(stdout))];
  return {
    exit_code: exitCode,
    signal,
    stdout: masked(out.text, secrets),
    stderr: masked(err.text, secrets),
    stdout_bytes: stdout.bytes,
    stderr_bytes: stderr.bytes,
    stdout_dropped_bytes: out.dropped,
    stderr_dropped_bytes: err.dropped,
    duration_ms: Math.round(durationMs * 1000) / 1000,
  };
}

/** Without values that are secret to this worker, and without what looks like one. */
export function masked(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, '…');
  return withoutSecrets(clean);
}
