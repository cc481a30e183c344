export interface Failure {
  part: string;
  name: string;
  file: string;
  message: string;
}

export interface JestResult {
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

export class Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: Failure[];
  addCheck(check: { name: string; passed: boolean; seconds: number; message?: string }): void;
  addJest(part: { name: string; result?: JestResult; fault?: string; seconds: number }): void;
  describe(): string;
}

export function gist(message: string): string[];

export function ofManyRuns(runs: { project: string; result?: JestResult; fault?: string }[]): {
  result: JestResult;
  fault: string | undefined;
};
