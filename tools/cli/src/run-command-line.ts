import { attempt } from './lazy-command.js';
import { createProgram, failureOfUsage } from './program.js';
import { helpText } from './help-text.js';
import { exitCodes } from './exit-codes.js';
import { surviveLostOutput } from './terminal/lost-output.js';

/** Carries out one command line; the outcome is the exit code of the process. */
export async function runCommandLine(argv: string[]): Promise<void> {
  surviveLostOutput();
  if (argv.length === 0) {
    process.stdout.write(helpText('kintsugi'));
    process.exitCode = exitCodes.usage;
    return;
  }
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = await attempt(argv.includes('--json'), async () => {
      const failure = failureOfUsage(error, argv);
      if (failure) throw failure;
      return exitCodes.ok;
    });
  }
}
