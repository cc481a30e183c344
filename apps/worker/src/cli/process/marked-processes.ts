import { setTimeout as delay } from 'node:timers/promises';
import { pids, readText, startTimeOf } from '@kintsugi/worker-sdk/processes';

/** The variable by which a command and all that it starts are known, also after the worker that started them has died. */
export const markVariable = 'KINTSUGI_COMMAND';

const markPattern = /^(task_[^@]+)@(\d+)\.(\d+)$/;
const pollMs = 20;
const killTimeoutMs = 5_000;

/** What the mark of a process says: which task it belongs to, and which worker started it. */
export interface Mark {
  taskId: string;
  workerPid: number;
  workerStartTime: string;
}

export function markOf(taskId: string): string {
  return `${taskId}@${process.pid}.${startTimeOf(process.pid) ?? '0'}`;
}

/** Whether the worker of a mark runs no more. */
export function isOrphan({ workerPid, workerStartTime }: Mark): boolean {
  return startTimeOf(workerPid) !== workerStartTime;
}

/** Ends the processes whose mark is of the wanted kind, and waits until they are gone. Returns how many there were. */
export async function endMarked(isWanted: (mark: Mark) => boolean, graceMs: number): Promise<number> {
  const found = markedProcesses(isWanted);
  for (const pid of found) signal(pid, 'SIGTERM');
  const isGone = await gone(isWanted, found.length === 0 ? 0 : graceMs, () => undefined);
  // What a process starts while it is being ended carries the mark as well.
  if (!isGone) await gone(isWanted, killTimeoutMs, (pid) => signal(pid, 'SIGKILL'));
  return found.length;
}

async function gone(isWanted: (mark: Mark) => boolean, timeoutMs: number, act: (pid: number) => void): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let left = markedProcesses(isWanted); left.length > 0; left = markedProcesses(isWanted)) {
    left.forEach(act);
    if (performance.now() >= deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/** Processes by the mark in the environment that they were started with. There are none where there is no /proc. */
function markedProcesses(isWanted: (mark: Mark) => boolean): number[] {
  return pids().filter((pid) => {
    const mark = markIn(pid);
    return mark !== null && pid !== process.pid && isWanted(mark) && startTimeOf(pid) !== undefined;
  });
}

function markIn(pid: number): Mark | null {
  const environment = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  const entry = environment.find((text) => text.startsWith(`${markVariable}=`))?.slice(markVariable.length + 1);
  const [, taskId, workerPid, workerStartTime] = markPattern.exec(entry ?? '') ?? [];
  return taskId && workerPid && workerStartTime ? { taskId, workerPid: Number(workerPid), workerStartTime } : null;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
