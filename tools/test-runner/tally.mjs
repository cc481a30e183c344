const failuresMax = 100;
const messageLengthMax = 4_000;
const [gistLines, gistLineLength] = [8, 160];
const colours = /\u001b\[[0-9;]*m/g;

/** The figures of a run of tests, added up part by part. */
export class Tally {
  passed = 0;
  failed = 0;
  skipped = 0;
  parts = [];
  failures = [];

  /** A check that passes or fails as a whole, such as lint. */
  addCheck({ name, passed, seconds, message = '' }) {
    this.parts.push({ name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, seconds });
    if (passed) this.passed += 1;
    else this.addFailure({ part: name, name, file: '', message });
  }

  /** The result that Jest wrote; undefined when it ended without one. `fault` is what went wrong beside the tests. */
  addJest({ name, result, fault, seconds }) {
    const before = this.failed;
    const [passed, skipped] = [result?.numPassedTests ?? 0, (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0)];
    this.passed += passed;
    this.skipped += skipped;
    for (const suite of result?.testResults ?? []) this.addSuite(name, suite);
    if (fault) this.addFailure({ part: name, name: fault, file: '', message: fault });
    this.parts.push({ name, passed, failed: this.failed - before, skipped, seconds });
  }

  /** A file that can't even be loaded has no tests, and fails all the same. */
  addSuite(part, suite) {
    const failures = suite.assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failures) {
      this.addFailure({ part, name: fullName, file: suite.name, message: failureMessages.join('\n') });
    }
    if (suite.status === 'failed' && failures.length === 0) {
      this.addFailure({ part, name: 'the file could not be run', file: suite.name, message: suite.message });
    }
  }

  addFailure({ message, ...failure }) {
    this.failed += 1;
    if (this.failures.length >= failuresMax) return;
    this.failures.push({ ...failure, message: message.replace(colours, '').slice(0, messageLengthMax) });
  }

  /** The last line of a run. */
  describe() {
    return `${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`;
  }
}

/** What a message of Jest comes to, in a few short lines: of a run whose whole output is gone, its end is left. */
export function gist(message) {
  const lines = message.split('\n').map((line) => line.trimEnd());
  const said = lines.filter((line) => /^\s*[-+] |^(Expected|Received)\b|\w*(Error|error):? /.test(line));
  const at = lines.find((line) => /^\s+at .*\.(int-|sys-)?spec\.ts:/.test(line));
  return [...(said.length > 0 ? said : lines.filter(Boolean)).slice(0, gistLines), ...(at ? [at.trim()] : [])].map((line) =>
    line.slice(0, gistLineLength),
  );
}

/** What Jest wrote of several projects as one result; `fault` names each project that has no result, or a fault beside its tests. */
export function ofManyRuns(runs) {
  const results = runs.flatMap(({ result }) => result ?? []);
  const sumOf = (name) => results.reduce((sum, result) => sum + result[name], 0);
  const faults = runs.flatMap(({ project, result, fault = result ? undefined : 'Jest ended without a result' }) =>
    fault ? [`${project}: ${fault}`] : [],
  );
  return {
    result: {
      numPassedTests: sumOf('numPassedTests'),
      numPendingTests: sumOf('numPendingTests'),
      numTodoTests: sumOf('numTodoTests'),
      testResults: results.flatMap(({ testResults }) => testResults),
    },
    fault: faults.length > 0 ? faults.join('; ') : undefined,
  };
}
