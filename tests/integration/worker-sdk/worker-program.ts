import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from '@jest/globals';
import { eventually } from '@kintsugi/testing';
import { environmentWith } from '../../command-line.js';

/** A program with workers as a process of its own, which tells how it is in lines of JSON. */
export class WorkerProgram {
  private readonly told: Record<string, unknown>[] = [];
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;

  private constructor(readonly process: ChildProcess) {
    this.ended = once(process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const lines = createInterface({ input: process.stdout as NonNullable<typeof process.stdout> });
    lines.on('line', (line) => void this.told.push(JSON.parse(line) as Record<string, unknown>));
  }

  /**
   * @param options.stderr file descriptor of its standard error
   * @param options.program the Node.js that runs it
   */
  static start(
    file: string,
    options: { environment: Record<string, string>; folder?: string; args?: string[]; stderr?: number; program?: string },
  ): WorkerProgram {
    const { environment, folder, args = [], stderr = 'inherit', program = process.execPath } = options;
    const settings = { env: environmentWith(environment), ...(folder ? { cwd: folder } : {}) };
    return new WorkerProgram(spawn(program, [file, ...args], { ...settings, stdio: ['pipe', 'pipe', stderr] }));
  }

  /** What it says of this, once it does. */
  tells(what: string): Promise<Record<string, unknown>> {
    return eventually(() => {
      const found = this.told.find((line) => what in line);
      expect(found).toBeDefined();
      return found as Record<string, unknown>;
    });
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }
}
