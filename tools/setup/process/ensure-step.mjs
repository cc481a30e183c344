import { SetupError } from '../setup-error.mjs';
import { acquireLock } from './lock.mjs';
import { ProgramError } from './run-program.mjs';

/**
 * Brings one step of the set-up about: `check` tells cheaply whether it is done and with what result, `perform` does
 * it. Only one process performs a step at a time; one that waited looks again before it does anything.
 */
export async function ensureStep(step, progress) {
  const verified = await step.check();
  if (verified) return verified;
  const line = progress.begin(step.name, step.activity);
  const lock = await lockFor(step, (pid) => line.show(`waiting for another set-up${pid ? ` (pid ${pid})` : ''}`));
  try {
    const already = await step.check();
    const said = already ? undefined : await step.perform({ holding: lock, show: line.show });
    const result = already ?? (await step.check());
    if (!result) throw new SetupError(step.name, 'it was done, and yet is not there', step.advice);
    line.end(said ?? result.summary);
    return result;
  } catch (error) {
    line.end('failed');
    throw explain(error, step);
  } finally {
    lock.release();
  }
}

async function lockFor(step, onWait) {
  try {
    return await acquireLock(step.lock, onWait);
  } catch (error) {
    throw new SetupError(step.name, error.message, `Make ${step.lock} writable, or set KINTSUGI_CACHE to a folder that is.`);
  }
}

/** Any fault as one that names the step and says what to do; what it came from stays its cause. */
function explain(error, step) {
  if (error instanceof SetupError) return error;
  const isProgram = error instanceof ProgramError;
  const advice = (isProgram && error.code === 'ENOENT' ? installIt : adviceByCode[error.code]) ?? step.advice;
  const reason = isProgram ? error.describe() : error.message;
  return Object.assign(new SetupError(step.name, reason, advice), { cause: error });
}

const foreignFolder = 'Run it as the user who owns that folder, or clone the project into a folder of your own.';
const installIt = 'Install it, and run the command again. ./kintsugi doctor shows what else is missing.';
const adviceByCode = {
  EACCES: foreignFolder,
  EPERM: foreignFolder,
  EROFS: foreignFolder,
  ENOSPC: 'Free some disk space and run the command again: it goes on from here.',
};
