import { ProgramError, runProgram } from '../process/run-program.mjs';

const timeoutMs = 20_000;
const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/;

/** npm's settings for the set-up: its cache in ours, and no waiting for minutes where nothing answers. */
export function npmEnvironment(cacheOfNpm) {
  return {
    npm_config_cache: cacheOfNpm,
    npm_config_update_notifier: 'false',
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
    npm_config_fetch_timeout: '60000',
  };
}

/**
 * Fails soon where npm can't reach its registry; npm itself would try for minutes. Asking npm uses the user's
 * registry and proxy. A registry that answers with whatever else is there.
 */
export async function expectNpmRegistry({ environment, holding }) {
  try {
    await runProgram('npm', ['ping', '--fetch-retries=0'], { env: environment, timeoutMs, holding });
  } catch (error) {
    if (error instanceof ProgramError && (error.timedOut || unreachable.test(error.output))) throw error;
    if (error.code === 'ENOENT') throw error;
  }
}
