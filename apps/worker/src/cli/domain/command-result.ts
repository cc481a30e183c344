import { jsonBytes, limits, type CommandResult } from '@kintsugi/contracts';
import { masked } from '../../secrets/masked.js';
import { leftOut, type KeptOutput } from './kept-output.js';

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
    stdout: maskedOutput(out, secrets),
    stderr: maskedOutput(err, secrets),
    stdout_bytes: stdout.bytes,
    stderr_bytes: stderr.bytes,
    stdout_dropped_bytes: out.dropped,
    stderr_dropped_bytes: err.dropped,
    duration_ms: Math.round(durationMs * 1000) / 1000,
  };
}

/** What is kept of an output, masked; also without the part of a secret that stands where something was left out. */
export function maskedOutput({ text, dropped }: { text: string; dropped: number }, secrets: readonly string[]): string {
  if (dropped === 0) return masked(text, secrets);
  const [head = '', ...tails] = text.split(leftOut(dropped));
  return masked(
    [withoutCutEnd(head, secrets), ...tails.map((tail) => withoutCutStart(tail, secrets))].join(leftOut(dropped)),
    secrets,
  );
}

function withoutCutEnd(text: string, secrets: readonly string[]): string {
  const cut = Math.max(
    0,
    ...secrets.map((secret) => pieces(secret).find((length) => text.endsWith(secret.slice(0, length))) ?? 0),
  );
  return cut === 0 ? text : `${text.slice(0, -cut)}…`;
}

function withoutCutStart(text: string, secrets: readonly string[]): string {
  const cut = Math.max(
    0,
    ...secrets.map((secret) => pieces(secret).find((length) => text.startsWith(secret.slice(-length))) ?? 0),
  );
  return cut === 0 ? text : `…${text.slice(cut)}`;
}

/** Lengths that a piece of a secret can have, the longest first. */
function pieces(secret: string): number[] {
  return Array.from({ length: Math.max(0, secret.length - 1) }, (_, at) => secret.length - 1 - at);
}
