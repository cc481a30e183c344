// Takes a lock, starts a child that holds it too, tells both pids, and waits to be killed.
import { spawn } from 'node:child_process';
import { acquireLock } from '../../../../tools/setup/process/lock.mjs';

const lock = await acquireLock(process.argv[2], () => process.stdout.write('waiting\n'));
const child = spawn('sleep', ['600'], { detached: true, stdio: ['ignore', 'ignore', 'ignore', lock.descriptor] });
lock.noteChild(child.pid);
process.stdout.write(`${JSON.stringify({ holder: process.pid, child: child.pid })}\n`);
setInterval(() => undefined, 1_000);
