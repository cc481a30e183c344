// A disk that is full ends nothing for good: what can go on does, and all is up again by itself once there is room.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { JobReceipt } from '@kintsugi/contracts';
import { freePort } from '@kintsugi/servers';
import { readState, repository, type ProcessState } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually, type TemporaryFolder } from '@kintsugi/testing';
import { environmentWith } from '../command-line.js';
import { inWords, onSmallDisk, testOnSmallDisk } from '../small-disk.js';

/** Room for two servers with their journals, and for what a job or two leave behind. */
const diskBytes = 700 * 1024 ** 2;

let folder: TemporaryFolder;
let up: ChildProcess | undefined;
let said = '';

beforeEach(() => {
  folder = createTemporaryFolder('full-disk');
});

afterEach(async () => {
  if (up?.exitCode === null) {
    up.kill('SIGTERM');
    await once(up, 'exit');
  }
  await folder.remove();
});

/** The home as the platform sees it. */
const homeInside = (): string => join(`/proc/${up!.pid}/root`, folder.path, 'home');
const processOf = (name: string): ProcessState => readState(homeInside())!.processes.find((process) => process.name === name)!;

/** Starts the platform with its home on a disk of its own. */
async function startOnSmallDisk(): Promise<string> {
  const [api, nats, mongo] = [await freePort(), await freePort(), await freePort()];
  const program = join(repository, 'tools', 'cli', 'dist', 'main.js');
  const ports = ['--port', String(api), '--nats-port', String(nats), '--mongo-port', String(mongo)];
  const command = [process.execPath, program, 'up', '--home', join(folder.path, 'home'), '--workers', '1', ...ports];
  up = spawn(...onSmallDisk(diskBytes, folder.path, command), {
    env: environmentWith({ WORKER_PROGRAM: 'tests/integration/cli/programs/trial-worker.mjs' }),
  });
  said = '';
  for (const stream of [up.stdout, up.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  await eventually(() => expect(said).toContain('Ready after'));
  return `http://127.0.0.1:${api}`;
}

/** Takes all the room that there is, and what becomes free meanwhile. */
function fillDisk(name = 'filler'): void {
  const file = openSync(join(homeInside(), '..', name), 'a');
  try {
    for (let bytes = 1024 ** 2; bytes >= 1; bytes = Math.floor(bytes / 2)) {
      const block = Buffer.alloc(bytes);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      }
    }
  } finally {
    closeSync(file);
  }
}

async function createJob(apiUrl: string, payload: string): Promise<JobReceipt> {
  const tasks = Array.from({ length: 50 }, () => ({ payload: { text: payload } }));
  const response = await fetch(`${apiUrl}/job-operations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ action: 'createJob', data: { product_id: 'p', sending_group_id: 'g', type: 'trial', tasks } }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as JobReceipt;
}

/** Writes jobs until the database can't any more. Gives those that were accepted. */
async function submitUntilRefused(apiUrl: string): Promise<string[]> {
  const accepted: string[] = [];
  const { restarts } = processOf('mongod');
  for (let round = 0; round < 400; round += 1) {
    fillDisk();
    const receipt = await createJob(apiUrl, 'x'.repeat(20_000)).catch(() => null);
    if (receipt) accepted.push(receipt.job_id);
    else if (said.includes('mongod ended') || processOf('mongod').restarts > restarts) return accepted;
  }
  throw new Error('The database took every job, though its disk is full.');
}

testOnSmallDisk(
  `a full disk ends no supervisor and loses no job, and all is up by itself once there is room${inWords}`,
  async () => {
    const apiUrl = await startOnSmallDisk();
    const accepted = [(await createJob(apiUrl, 'first')).job_id, ...(await submitUntilRefused(apiUrl))];
    await eventually(() => expect(said.replace(/\s+/g, ' ')).toContain('mongod ended'));
    fillDisk();
    process.kill(processOf('gateway').process!.pid, 'SIGKILL');
    await eventually(() => expect(said.replace(/\s+/g, ' ')).toMatch(/cannot be written: the disk is full/));
    for (const end of said.replace(/\s+/g, ' ').match(/mongod ended [^;]*;/g)!) expect(end).toContain('the disk is full');
    expect(up!.exitCode).toBeNull();
    rmSync(join(homeInside(), '..', 'filler'));
    await eventually(async () => expect((await fetch(`${apiUrl}/health/ready`)).status).toBe(200));
    const last = await eventually(() => createJob(apiUrl, 'last'));
    for (const jobId of [...accepted, last.job_id]) {
      await eventually(async () =>
        expect(await (await fetch(`${apiUrl}/v1/jobs/${jobId}`)).json()).toMatchObject({ status: 'completed' }),
      );
    }
    const told = await eventually(() => {
      const words = [...said.matchAll(/cannot be written|can be written again/g)].map(([found]) => found);
      expect(words.at(-1)).toBe('can be written again');
      return words;
    });
    told.forEach((words, index) => expect(words).toBe(index % 2 === 0 ? 'cannot be written' : 'can be written again'));
    expect(processOf('gateway').process?.pid).toEqual(expect.any(Number));
  },
  300_000,
);

testOnSmallDisk(
  `a folder of logs that was removed is made again, and what dies still starts again${inWords}`,
  async () => {
    const apiUrl = await startOnSmallDisk();
    rmSync(join(homeInside(), 'logs'), { recursive: true });
    for (const name of ['gateway', 'mongod']) process.kill(processOf(name).process!.pid, 'SIGKILL');
    await eventually(async () => {
      expect(processOf('gateway').restarts).toBe(1);
      expect(processOf('mongod').restarts).toBe(1);
      expect((await fetch(`${apiUrl}/health/ready`)).status).toBe(200);
    });
    expect(readFileSync(join(homeInside(), 'logs', 'gateway.log'), 'utf8')).toContain('"msg":"Ready"');
  },
  120_000,
);
