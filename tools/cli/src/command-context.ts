import type { Output } from './terminal/output.js';

/** What every command is given. */
export interface CommandContext {
  output: Output;
  environment: NodeJS.ProcessEnv;
}
