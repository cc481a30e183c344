import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnLeashed } from '@kintsugi/servers';

export interface ServerLaunch {
  name: string;
  command: string;
  args: string[];
  environment: Record<string, string>;
  folder: string;
  port: number;
  stopSignal: NodeJS.Signals;
  /** Throws until the server does its work; without it, a port that answers is enough. */
  probe?: () => Promise<unknown>;
  /** Whom it runs as, when not as we do. */
  user?: { uid: number; gid: number };
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 10_000;
const probeDelayMs = 25;
const outputCharactersMax = 4_000;

/** A peer's server on our leash, ready once its port answers. */
export class ServerUnderTest {
  private constructor(
    private readonly launch: ServerLaunch,
    private readonly child: ChildProcess,
    private readonly gone: Promise<void>,
  ) {}

  static async start(launch: ServerLaunch): Promise<ServerUnderTest> {
    const child = spawnLeashed(launch.command, launch.args, {
      cwd: launch.folder,
      env: { ...process.env, ...launch.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...launch.user,
    });
    let output = '';
    let failure: string | undefined;
    const keep = (data: Buffer): void => {
      output = (output + data.toString()).slice(-outputCharactersMax);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const gone = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        failure = error.message;
        resolve();
      });
      child.once('exit', () => {
        failure ??= 'it ended';
        resolve();
      });
    });
    const server = new ServerUnderTest(launch, child, gone);
    const deadline = Date.now() + startTimeoutMs;
    while (!(await answers(launch))) {
      if (failure === undefined && Date.now() > deadline) failure = `nothing answers on its port after ${startTimeoutMs} ms`;
      if (failure !== undefined) {
        await server.stop();
        throw new Error(`${launch.name} did not start: ${failure}.\n${output.trim()}`);
      }
      await delay(probeDelayMs);
    }
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get port(): number {
    return this.launch.port;
  }

  async stop(): Promise<void> {
    this.child.kill(this.launch.stopSignal);
    const killer = setTimeout(() => this.child.kill('SIGKILL'), stopTimeoutMs);
    await this.gone;
    clearTimeout(killer);
  }
}

async function answers({ port, probe }: ServerLaunch): Promise<boolean> {
  if (!(await accepts(port))) return false;
  return (
    probe === undefined ||
    probe().then(
      () => true,
      () => false,
    )
  );
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
