import { exitCodes } from '../exit-codes.js';

/**
 * Lets this process outlive its output. A reader that has gone has seen enough, as `head` does, and that is no fault. A disk
 * that takes no more must not end a platform that runs here: the exit code tells of it, whenever that comes.
 */
export function surviveLostOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(exitCodes.ok);
      process.once('exit', () => (process.exitCode ||= exitCodes.failed));
    });
  }
}
