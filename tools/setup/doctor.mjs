import { folderChecks, portChecks } from './doctor/place-checks.mjs';
import { programChecks } from './doctor/program-checks.mjs';
import { setUpChecks } from './doctor/set-up-checks.mjs';
import { cacheFolder } from './folders.mjs';
import { readSettings } from './settings.mjs';
import { exitCodes } from './setup-error.mjs';
import { faultOfOptions, tellUsageFault } from './usage-fault.mjs';
import { wrapWords } from './wrap-words.mjs';

/** `./kintsugi doctor [--json]`: what is found, what is missing, what to do. It looks, and changes nothing. */
const args = process.argv.slice(2);
const fault = faultOfOptions('doctor', args);
if (fault) process.exit(tellUsageFault(fault, 'doctor', args));

const { home, values: environment } = readSettings();
const cache = cacheFolder();
const groups = await Promise.all([
  programChecks(environment),
  setUpChecks(cache, environment),
  portChecks(home, environment),
  folderChecks({ cache, home }),
]);
const checks = groups.flat();
const missing = checks.filter(({ state }) => state === 'missing').length;

if (args.includes('--json')) {
  process.stdout.write(
    `${JSON.stringify({ ok: missing === 0, cache, home, platform: `${process.platform}-${process.arch}`, checks })}\n`,
  );
} else {
  const labels = { ok: 'ok', fetch: 'fetch', warn: 'warn', missing: 'MISSING' };
  for (const { name, state, found, advice } of checks) {
    const margin = ' '.repeat(11);
    process.stdout.write(`${wrapWords(`  ${labels[state].padEnd(8)} ${name.padEnd(13)} ${found}`, margin)}\n`);
    if (advice) process.stdout.write(`${wrapWords(margin + advice, margin)}\n`);
  }
  const things = missing === 1 ? '1 thing is missing' : `${missing} things are missing`;
  process.stdout.write(
    missing === 0 ? 'All that is needed is there, or will be fetched.\n' : `${things}; the lines above say what to do.\n`,
  );
}
process.exit(missing === 0 ? exitCodes.ok : exitCodes.unavailable);
