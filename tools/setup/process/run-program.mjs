import { spawn } from 'node:child_process';
import { basename } from 'node:path';

const outputBytesMax = 4 * 1024 * 1024;
const running = new Set();

/** A program that couldn't be started, failed, or took too long. `output` is what it said last. */
export class ProgramError extends Error {
  constructor(message, { output = '', code, timedOut = false } = {}) {
    super(message);
    this.name = 'ProgramError';
    this.output = output;
    this.code = code;
    this.timedOut = timedOut;
  }

  /** The reason in a few lines: the message and the end of the output. */
  describe(lines = 12) {
    const end = this.output.trim().split('\n').slice(-lines).join('\n');
    return end ? `${this.message}\n${end}` : this.message;
  }
}

/**
 * Runs a program, without a shell and without input, and resolves with its standard output. It leads a process group
 * of its own, which ends with this process's orderly end. `holding` is a lock that the program holds with us.
 */
export function runProgram(command, args, { cwd, env, timeoutMs = 600_000, holding } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe', ...(holding ? [holding.descriptor] : [])];
    const child = spawn(command, args, { cwd, env, stdio, detached: true });
    let [output, everything, timedOut] = ['', '', false];
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid, 'SIGKILL');
    }, timeoutMs);
    if (child.pid !== undefined) {
      running.add(child.pid);
      holding?.noteChild(child.pid);
    }
    child.stdout.on('data', (data) => {
      output = bounded(output + data);
      everything = bounded(everything + data);
    });
    child.stderr.on('data', (data) => (everything = bounded(everything + data)));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new ProgramError(error.code === 'ENOENT' ? `${command} was not found` : error.message, { code: error.code }));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child.pid);
      if (code === 0) return resolve(output);
      const end = timedOut
        ? `was not done after ${Math.round(timeoutMs / 1000)} s`
        : `ended with ${signal ?? `exit code ${code}`}`;
      return reject(
        new ProgramError(`${[command, ...args.slice(0, 2)].map((word) => basename(word)).join(' ')} ${end}`, {
          output: everything,
          code,
          timedOut,
        }),
      );
    });
  });
}

/** Ends all programs that run now. */
export function endPrograms() {
  for (const pid of running) endGroup(pid, 'SIGKILL');
}

export function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function bounded(text) {
  return text.length > outputBytesMax ? text.slice(-outputBytesMax / 2) : text;
}
