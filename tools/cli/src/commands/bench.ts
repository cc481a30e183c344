import { runBench } from '@kintsugi/bench';
import type { CommandContext } from '../command-context.js';
import type { ExitCode } from '../exit-codes.js';

export interface BenchOptions {
  quick?: boolean;
  runs?: string;
  only?: string;
  write?: boolean;
  json?: boolean;
}

/** Measures the platform against its peers; the bench reads the values of its options itself. */
export async function bench(_context: CommandContext, options: BenchOptions): Promise<ExitCode> {
  const { quick, runs, only, write, json } = options;
  const flags = Object.entries({ '--quick': quick, '--write': write, '--json': json }).flatMap(([flag, given]) =>
    given ? [flag] : [],
  );
  const values = Object.entries({ '--runs': runs, '--only': only }).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, value],
  );
  return (await runBench([...flags, ...values])) as ExitCode;
}
