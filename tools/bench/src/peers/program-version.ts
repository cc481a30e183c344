import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const timeoutMs = 10_000;

/** What a program answers to `--version`; undefined when it cannot be run. */
export async function programVersion(path: string, environment: Record<string, string>): Promise<string | undefined> {
  try {
    const options = { timeout: timeoutMs, env: { ...process.env, ...environment } };
    const { stdout } = await promisify(execFile)(path, ['--version'], options);
    return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0];
  } catch {
    return undefined;
  }
}
