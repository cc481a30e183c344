import { spawn } from 'node:child_process';
import { after, guarded } from '@kintsugi/boundary';

export interface ProgramRun {
  file: string;
  args: readonly string[];
  environment: Record<string, string>;
  folder: string;
  timeoutMs: number;
}

export interface ProgramEnd {
  /** Null where it was killed. */
  code: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  stdout: Buffer;
  stderr: string;
}

/** What is kept of either output; the rest is read and dropped, so that the program can end. */
const outputBytesMax = 64 * 1024 * 1024;
const complaintsMax = 16 * 1024;

/** Runs a program without a shell, as the leader of a group of processes that is killed as a whole when its time is over. */
export function runProgram({ file, args, environment, folder, timeoutMs }: ProgramRun): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: folder, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, complaints] = [collect(outputBytesMax), collect(complaintsMax)];
    let timedOut = false;
    const timer = after('program-timeout', timeoutMs, () => {
      timedOut = true;
      killGroup(child.pid);
    });
    child.stdout.on('data', guarded('program-output', out.add));
    child.stderr.on('data', guarded('program-output', complaints.add));
    child.once(
      'error',
      guarded('program-error', (error: Error) => {
        clearTimeout(timer);
        reject(error);
      }),
    );
    child.once(
      'close',
      guarded('program-end', (code: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(timer);
        // What it started and left behind, such as a helper of a transport, goes with it.
        killGroup(child.pid);
        resolve({ code, signal, timedOut, stdout: out.all(), stderr: complaints.all().toString('utf8') });
      }),
    );
  });
}

function collect(bytesMax: number) {
  const parts: Buffer[] = [];
  let bytes = 0;
  return {
    add: (part: Buffer): void => {
      if (bytes < bytesMax) parts.push(part.subarray(0, bytesMax - bytes));
      bytes += part.length;
    },
    all: (): Buffer => Buffer.concat(parts),
  };
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The group is gone, which is what was wanted.
  }
}
