import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { tailOfLog } from '../../../tools/supervisor/src/process/log-tail.js';
import { NodeProgram } from '../../../tools/supervisor/src/process/node-program.js';
import { SupervisedProcess, type UnexpectedEnd } from '../../../tools/supervisor/src/process/supervised-process.js';

let folder: TemporaryFolder;
let supervised: SupervisedProcess | undefined;
let ends: UnexpectedEnd[];

beforeEach(() => {
  folder = createTemporaryFolder('supervised');
  ends = [];
});

afterEach(async () => {
  await supervised?.kill();
  await folder.remove();
});

function supervise(source: string, restart = true): SupervisedProcess {
  const program = join(folder.path, 'program.mjs');
  const logFile = join(folder.path, 'program.log');
  writeFileSync(program, source);
  const environment = { GREETING: 'hello' };
  const runnable = new NodeProgram({
    name: 'program',
    program,
    flags: [],
    folder: folder.path,
    logFile,
    environment,
    stopTimeoutMs: 60_000,
  });
  supervised = new SupervisedProcess(runnable, { restart, logFile, onChange: () => undefined, onEnd: (end) => ends.push(end) });
  return supervised;
}

const logged = () => tailOfLog(join(folder.path, 'program.log'), 20);

const patient = `
  console.log(process.env.GREETING);
  process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });
  setInterval(() => undefined, 1000);
`;

describe('a supervised process', () => {
  it('is started again at once when it is killed, as another process, and the restart is counted', async () => {
    const { pid: first } = await started(supervise(patient));
    supervised!.signal('SIGKILL');
    await eventually(() => expect(supervised!.state()).toMatchObject({ restarts: 1, last_exit: 'signal SIGKILL' }));
    await eventually(() => expect(supervised!.state().process?.pid).toEqual(expect.any(Number)));
    expect(supervised!.pid).not.toBe(first);
    expect(ends).toEqual([{ name: 'program', reason: 'signal SIGKILL', exitCode: null, restartInMs: 0 }]);
  });

  it('is started again ever later while it keeps ending', async () => {
    await supervise('process.exit(3);').start();
    await eventually(() => expect(ends.length).toBeGreaterThanOrEqual(4));
    expect(ends.slice(0, 4).map(({ exitCode, restartInMs }) => [exitCode, restartInMs])).toEqual([
      [3, 0],
      [3, 100],
      [3, 200],
      [3, 400],
    ]);
  });

  it('ends in order when it is stopped, and stays down', async () => {
    await started(supervise(patient));
    await supervised!.stop();
    expect(logged()).toEqual(['hello', 'bye']);
    expect(supervised!.state()).toMatchObject({ process: null, restarts: 0 });
    expect(ends).toEqual([]);
  });

  it('stays down when it is stopped while its restart is awaited', async () => {
    await supervise('process.exit(1);').start();
    await eventually(() => expect(ends.length).toBeGreaterThanOrEqual(3));
    await supervised!.stop();
    const count = ends.length;
    expect(supervised!.pid).toBeUndefined();
    await supervised!.stop();
    expect(ends).toHaveLength(count);
  });

  it('stays down after a kill when it is not to be restarted, until it is started again', async () => {
    await started(supervise(patient, false));
    supervised!.signal('SIGKILL');
    await eventually(() =>
      expect(ends).toEqual([{ name: 'program', reason: 'signal SIGKILL', exitCode: null, restartInMs: null }]),
    );
    expect(supervised!.pid).toBeUndefined();
    await started(supervised!);
    expect(supervised!.pid).toEqual(expect.any(Number));
  });

  it('hears the end of its supervisor on its standard input', async () => {
    await started(
      supervise(`${patient} process.stdin.on('end', () => undefined).resume(); console.log(process.stdin.constructor.name);`),
    );
    await eventually(() => expect(logged()).toContain('Socket'));
  });
});

/** Resolves when the program has said that it runs. */
async function started(process: SupervisedProcess): Promise<{ pid: number | undefined }> {
  const before = logged().length;
  await process.start();
  await eventually(() => expect(logged().length).toBeGreaterThan(before));
  return { pid: process.pid };
}
