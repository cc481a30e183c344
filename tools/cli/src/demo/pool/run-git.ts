import { spawn } from 'node:child_process';
import { Failure } from '../../failure.js';

/** By nobody's configuration, and without anything that a repository may name to be run. */
const environment = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};
const flags = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'init.defaultBranch=main'];

/** What a call of git says on standard output; a Failure where it does not end with 0. */
export function runGit(folder: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...flags, ...args], { cwd: folder, env: environment, stdio: 'pipe' });
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-1_000)));
    // One that ends before it has read all tells why in its exit code.
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', (error) => reject(isMissing(error) ? gitMissing() : error));
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Failure('NOT_AS_EXPECTED', `git ${args[0]} ended with ${code}: ${said.trim()}`));
    });
  });
}

function isMissing(error: Error): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function gitMissing(): Failure {
  return new Failure('UNAVAILABLE', 'This demo needs git, and there is none on PATH.', {
    advice: 'Install git 2.39 or newer, such as by apt-get install git, and run it again.',
  });
}
