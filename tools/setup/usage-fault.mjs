import { exitCodes } from './setup-error.mjs';

/** What is wrong with the command line of a command that knows `--json` only; undefined where it is right. */
export function faultOfOptions(command, args) {
  const unknown = args.find((argument) => argument !== '--json');
  return unknown === undefined ? undefined : `${command} has no option "${unknown}".`;
}

/** Tells what is wrong with a command line, as one JSON value where that was asked for. Returns the exit code. */
export function tellUsageFault(detail, command, args) {
  const advice = `./kintsugi ${command} --help shows what it has.`;
  if (args.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code: 'USAGE', detail, advice, exit_code: exitCodes.usage } })}\n`);
  } else {
    process.stderr.write(`${detail}\n${advice}\n`);
  }
  return exitCodes.usage;
}
