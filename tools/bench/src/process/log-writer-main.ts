/**
 * A command that writes: `flood BYTES BYTES_A_SECOND` lines of logs, as fast as they are read where the second is 0; or
 * `ticks COUNT PAUSE_MS` lines that say when they were written. Told to end, it ends.
 */
import { writeSync } from 'node:fs';
import { logLines } from '../domain/log-lines.js';
import { monotonicMs } from '../load/monotonic-clock.js';

const pieceBytes = 64 * 1_024;
const preparedBytes = 4 * 1_024 * 1_024;
const standardOutput = 1;

const [mode, count, pace] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
if (mode === 'flood') flood(count, pace);
else if (mode === 'ticks') tick(count, pace);
else throw new Error(`${mode} is neither flood nor ticks.`);

function flood(bytes: number, bytesPerS: number): void {
  const prepared = Buffer.from(logLines(preparedBytes));
  const startedAtMs = monotonicMs();
  for (let written = 0; written < bytes; written += pieceBytes) {
    const ahead = bytesPerS === 0 ? 0 : (written / bytesPerS) * 1_000 - (monotonicMs() - startedAtMs);
    if (ahead > 1) sleep(ahead);
    const at = written % (prepared.length - pieceBytes);
    write(prepared.subarray(at, at + pieceBytes));
  }
}

function tick(ticks: number, pauseMs: number): void {
  for (let n = 0; n < ticks; n += 1) {
    write(Buffer.from(`tick ${n} ${monotonicMs()}\n`));
    sleep(pauseMs);
  }
}

function write(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(standardOutput, bytes, at);
}

/** It has nothing else to do, and keeps to a pace of milliseconds. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
