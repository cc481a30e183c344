import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { listeningInode } from './listening-inode.js';
import { processName } from './process-name.js';

/** A process that listens on a port. `pid` is unknown when it belongs to another user. */
export interface PortHolder {
  pid: number | undefined;
  name: string;
  command: string;
}

/** A port that is wanted and not free. Its message names the process that holds it. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(
    readonly purpose: string,
    readonly port: number,
    readonly holder: PortHolder | undefined,
  ) {
    super(`Port ${port}, wanted by ${purpose}, is taken by ${describeHolder(holder)}. Stop that process or choose another port.`);
  }
}

export function describeHolder(holder: PortHolder | undefined): string {
  if (holder?.pid === undefined) return 'another process (its name is hidden from this user)';
  return `${holder.name} (pid ${holder.pid})`;
}

/**
 * Ports below the range that the kernel gives to outgoing connections: a client that keeps calling a stopped server
 * on a port within that range can be given the very port as its own, and the server can't come back.
 */
const portMin = 15_000;
const portMax = 32_000;
const attemptsMax = 200;

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const port = portMin + Math.floor(Math.random() * (portMax - portMin));
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No free port was found between ${portMin} and ${portMax} in ${attemptsMax} attempts.`);
}

export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Which process listens on a local TCP port; undefined when none does or the system doesn't say. */
export function whoHoldsPort(port: number): PortHolder | undefined {
  const inode = ['/proc/net/tcp', '/proc/net/tcp6']
    .map((path) => listeningInode(read(path), port))
    .find((found) => found !== undefined);
  if (inode === undefined) return undefined;
  const pid = pidOfSocket(inode);
  if (pid === undefined) return { pid, name: '', command: '' };
  const commandLine = read(`/proc/${pid}/cmdline`);
  return {
    pid,
    name: processName(read(`/proc/${pid}/comm`), commandLine),
    command: commandLine.split('\0').join(' ').trim(),
  };
}

function pidOfSocket(inode: string): number | undefined {
  const wanted = `socket:[${inode}]`;
  return pids().find((pid) => list(`/proc/${pid}/fd`).some((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) === wanted));
}

function pids(): number[] {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

// What belongs to another user or has just ended reads as empty.

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
