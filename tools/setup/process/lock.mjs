import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf } from '../../../libs/shared/servers/process-start.mjs';
import { endGroup } from './run-program.mjs';

const pollMs = 100;
const busy = 1;
const noteBytesMax = 1_024;

/** What takes a lock on an open file that it was given as descriptor 3; the lock stays when it ends, because we have the file open too. */
const lockers = [
  ['flock', ['-x', '-n', '3']],
  ['python3', ['-c', 'import fcntl, sys\ntry: fcntl.flock(3, fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept OSError: sys.exit(1)']],
];

/**
 * A lock of the operating system on a file: it goes with the last process that has the file open, so that of a dead
 * set-up is free at once. A program that the set-up started holds it too, and is ended when its set-up has died.
 */
export class Lock {
  constructor(path, descriptor) {
    this.path = path;
    this.descriptor = descriptor;
    this.note({});
  }

  noteChild(pid) {
    this.note({ child: identify(pid) });
  }

  release() {
    ftruncateSync(this.descriptor, 0);
    closeSync(this.descriptor);
  }

  note(more) {
    ftruncateSync(this.descriptor, 0);
    writeSync(this.descriptor, JSON.stringify({ owner: identify(process.pid), ...more }), 0);
  }
}

/** Waits for a lock for as long as it takes; `onWait` hears the pid of the set-up that holds it. */
export async function acquireLock(path, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    const descriptor = openSync(path, 'a+', 0o600);
    while (!take(descriptor)) {
      const { owner, child } = read(descriptor);
      if (child && !isRunning(owner) && isRunning(child)) endGroup(child.pid, 'SIGKILL');
      onWait(owner?.pid);
      await delay(pollMs);
    }
    // The folder may have been deleted, and another file locked, while we waited.
    if (isSameFile(descriptor, path)) return new Lock(path, descriptor);
    closeSync(descriptor);
  }
}

function take(descriptor) {
  for (const [command, args] of lockers) {
    const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
    if (status === 0) return true;
    if (!error && status === busy) return false;
  }
  throw new Error('Neither flock nor python3 was found, one of which is needed to take a lock.');
}

function identify(pid) {
  return { pid, started: startTimeOf(pid) };
}

function isRunning(identity) {
  return identity !== undefined && startTimeOf(identity.pid) !== undefined && startTimeOf(identity.pid) === identity.started;
}

/** What is noted in the file that is open, whatever has become of its name meanwhile. */
function read(descriptor) {
  const buffer = Buffer.alloc(noteBytesMax);
  const length = readSync(descriptor, buffer, 0, noteBytesMax, 0);
  try {
    return JSON.parse(buffer.toString('utf8', 0, length));
  } catch {
    // Between two writes of its owner, or not written yet.
    return {};
  }
}

function isSameFile(descriptor, path) {
  const [held, found] = [fstatSync(descriptor), statSync(path, { throwIfNoEntry: false })];
  return found !== undefined && found.ino === held.ino && found.dev === held.dev;
}
