import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect } from '@jest/globals';
import { freePort } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';
import { bundleOf } from '../../../tools/supervisor/src/domain/process-roles.js';
import { flagsOf } from '../../../tools/supervisor/src/process/platform-processes.js';

const program = bundleOf('gateway');

/** A gateway as `up` runs it: a process of its own, with the memory that it is given there. */
export class GatewayProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(settings: Record<string, string>): Promise<GatewayProcess> {
    if (!existsSync(program)) throw new Error(`${program} is missing. Run ./kintsugi test, which builds it first.`);
    const port = await freePort();
    const child = spawn(process.execPath, [...(flagsOf.gateway ?? []), program], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        API_PORT: String(port),
        OPS_PORT: '0',
        INSTANCE_ID: 'process',
        KINTSUGI_LEASHED: '1',
        LOG_LEVEL: 'error',
        ...settings,
      },
    });
    const started = new GatewayProcess(`http://127.0.0.1:${port}`, child);
    await eventually(async () => expect((await fetch(`${started.url}/health/live`)).status).toBe(200));
    return started;
  }

  /** Null while it runs. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** Resolves once it has said that it is alive. */
  async lives(): Promise<void> {
    const response = await fetch(`${this.url}/health/live`);
    await response.text();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill();
    await exited;
  }
}
