const recorderVariable = 'CHAOS_RECORDER_URL';

/** Where a worker of a run finds the recorder. */
export function recorderUrl(): string {
  return process.env[recorderVariable] ?? '';
}

/**
 * What every process of a run gets: short waits, so that a run sees many rounds of what takes minutes by default.
 */
export function environmentOfRun(recorder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_OPTIONS: '',
    [recorderVariable]: recorder,
    WORKER_SLOTS: '20',
    RETRY_WAIT_SECONDS: '1',
    RECONCILE_EVERY_MS: '2000',
    FORGOTTEN_AFTER_MS: '4000',
  };
}
