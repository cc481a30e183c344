export type TestRun =
  { kinds: string[]; patterns: string[]; json: boolean; whole: boolean; planted: boolean; fault?: undefined } | { fault: string };

export function readArguments(args: string[]): TestRun;
