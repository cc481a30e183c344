import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';

const listening = '0A';

/** Whether a port of 127.0.0.1 is free, and who holds it where it isn't: `{ free, pid, name }`. */
export async function lookAtPort(port) {
  if (await canListen(port)) return { free: true };
  const inode = ['/proc/net/tcp', '/proc/net/tcp6'].map((table) => inodeOf(read(table), port)).find(Boolean);
  const pid = inode && pidOf(`socket:[${inode}]`);
  return pid ? { free: false, pid, name: nameOf(pid) } : { free: false };
}

function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function inodeOf(table, port) {
  const lines = table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  const found = lines.find(([, local, , state]) => state === listening && Number.parseInt(local.split(':').at(-1), 16) === port);
  return found?.[9];
}

function pidOf(socket) {
  const pids = list('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) =>
    list(`/proc/${pid}/fd`).some((descriptor) => link(`/proc/${pid}/fd/${descriptor}`) === socket),
  );
  return found && Number(found);
}

/** The kernel knows every program of Node.js by the name of its main thread. */
function nameOf(pid) {
  const name = read(`/proc/${pid}/comm`).trim();
  const [program, ...args] = read(`/proc/${pid}/cmdline`).split('\0');
  if (name !== 'MainThread' || !program) return name;
  return [basename(program), ...args.filter((arg) => /^[^-].*\.[cm]?[jt]s$/.test(arg)).slice(0, 1)].join(' ');
}

// What belongs to another user, has just ended, or is not of this system reads as empty.

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
