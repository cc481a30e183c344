import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort, startTimeOf } from '@kintsugi/servers';
import { readState, repository, type PlatformState } from '@kintsugi/supervisor';
import { createTemporaryFolder } from '@kintsugi/testing';

/** The command line as built: what `./kintsugi` becomes after its set-up. */
const program = join(repository, 'tools', 'cli', 'dist', 'main.js');

export interface CommandRun {
  stdout: string;
  stderr: string;
  code: number | null;
}

/** Settings of whoever runs the tests must not reach the platforms that they start. */
const foreign = /^(INSTANCE_ID|KINTSUGI_(HOME|URL|API_KEY)|NATS_(URL|PORT)|MONGO_(URL|PORT)|API_|OPS_|AUTH$|WORKER)/;

/** Less than a test may take: what hangs is told with what it said until then. */
const commandMsMax = 8 * 60_000;

export function startCommand(args: string[], environment: Record<string, string> = {}): ChildProcess {
  const limits = { timeout: commandMsMax, killSignal: 'SIGKILL' } as const;
  return spawn(process.execPath, [program, ...args], { env: environmentWith(environment), ...limits });
}

/** What a program of a test runs in: what is inherited without settings, and what is given. The built-in worker runs for its own tests only. */
export function environmentWith(given: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return { ...inherited, NODE_OPTIONS: '', BUILT_IN_WORKER: 'off', ...given };
}

/** Runs a command of `kintsugi` to its end. */
export async function runCommand(args: string[], environment: Record<string, string> = {}, input = ''): Promise<CommandRun> {
  const child = startCommand(args, environment);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  child.stdin?.end(input);
  // A process that it has left behind may still hold its output.
  child.once('exit', (_, signal) => {
    if (signal === 'SIGKILL') for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { ...said, code };
}

export interface TestHome {
  home: string;
  /** Options of `up` that keep it apart from every other platform. */
  options: string[];
  apiUrl: string;
  ports: { api: number; nats: number; mongo: number };
  state: () => PlatformState;
  pids: () => number[];
  /** Stops what runs there and removes it. */
  remove: () => Promise<void>;
}

export async function createHome(): Promise<TestHome> {
  const folder = createTemporaryFolder('home');
  const [api, nats, mongo] = [await freePort(), await freePort(), await freePort()];
  const ports = { api, nats, mongo };
  const state = (): PlatformState => {
    const found = readState(folder.path);
    if (!found) throw new Error('No platform has left its state.');
    return found;
  };
  const portOptions = ['--port', String(api), '--nats-port', String(nats), '--mongo-port', String(mongo)];
  return {
    home: folder.path,
    options: ['--home', folder.path, '--workers', '0', ...portOptions],
    apiUrl: `http://127.0.0.1:${api}`,
    ports,
    state,
    pids: () => state().processes.flatMap(({ process }) => process?.pid ?? []),
    remove: async () => {
      await runCommand(['down', '--home', folder.path]);
      await folder.remove();
    },
  };
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  return startTimeOf(pid) !== undefined;
}
