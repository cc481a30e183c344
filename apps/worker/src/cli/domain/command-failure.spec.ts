import { describe, expect, test } from '@jest/globals';
import { failureOf, type CommandEnd } from './command-failure.js';
import { outputRules } from './output-rules.js';

const end: CommandEnd = { exitCode: 0, signal: null, timedOut: false, excess: null, startFault: null };
const failure = (given: Partial<CommandEnd>, said: { stdout?: string; stderr?: string } = {}) =>
  failureOf('fetch', { ...end, ...given }, { stdout: '', stderr: '', ...said }, outputRules);

test('a command that exits with 0 has succeeded, whatever it said', () => {
  expect(failure({}, { stderr: 'connection refused' })).toBeNull();
});

describe('how a command failed', () => {
  test.each([
    [{ exitCode: 3 }, 'cli.exit.3'],
    [{ exitCode: null, signal: 'SIGKILL' }, 'cli.signal.SIGKILL'],
    [{ exitCode: null, signal: 'SIGTERM', timedOut: true }, 'cli.timeout'],
    [{ exitCode: 0, timedOut: true }, 'cli.timeout'],
    [{ signal: 'SIGKILL', excess: { of: 'memory' as const, said: 'it used 200 MiB' } }, 'resource.memory'],
    [{ exitCode: null, startFault: 'EAGAIN' }, 'cli.not_started.EAGAIN'],
  ])('%j is %s, and may be retried', (given, error_type) => {
    expect(failure(given)).toMatchObject({ error_type, non_retryable: false });
  });

  test.each([
    ['ENOENT', 'cli.not_found'],
    ['EACCES', 'cli.not_started.EACCES'],
  ])('a program that cannot be started with %s is not tried again', (startFault, error_type) => {
    expect(failure({ exitCode: null, startFault })).toMatchObject({ error_type, non_retryable: true });
  });

  test('the last line that it said is told', () => {
    expect(failure({ exitCode: 1 }, { stdout: 'step 1\n', stderr: 'a\nno such table: prices\n\n' })?.message).toBe(
      'fetch ended with exit code 1. It said: no such table: prices',
    );
  });
});

describe('a failure of the network is told by the output', () => {
  test.each([
    ['net.refused', 'curl: (7) Failed to connect to localhost port 1: Connection refused'],
    ['net.refused', 'Error: connect ECONNREFUSED 127.0.0.1:1'],
    ['net.dns', 'curl: (6) Could not resolve host: nowhere.invalid'],
    ['net.dns', 'socket.gaierror: [Errno -2] Name or service not known'],
    ['net.timeout', 'curl: (28) Operation timed out after 1000 milliseconds'],
    ['net.timeout', 'requests.exceptions.ReadTimeout: read timed out. (read timeout=5)'],
    ['net.reset', 'curl: (56) Recv failure: Connection reset by peer'],
    ['net.tls', 'curl: (60) SSL certificate problem: self-signed certificate'],
    ['net.tls', 'x509: certificate signed by unknown authority'],
    ['net.unreachable', 'connect: No route to host'],
    ['http.429', 'curl: (22) The requested URL returned error: 429'],
    ['http.503', 'curl: (22) The requested URL returned error: 503'],
    ['http.500', 'HTTP/1.1 500 Internal Server Error'],
    ['http.502', 'HTTP/2 502'],
    ['http.504', 'urllib.error.HTTPError: HTTP Error 504: Gateway Time-out'],
  ])('%s: %s', (error_type, stderr) => {
    expect(failure({ exitCode: 22 }, { stderr })).toMatchObject({ error_type });
    expect(failure({ exitCode: 22 }, { stdout: stderr })).toMatchObject({ error_type });
  });

  test.each(['5 rows of 500 written', 'line 429: syntax error', 'HTTP/1.1 404 Not Found'])('and not by: %s', (stderr) => {
    expect(failure({ exitCode: 22 }, { stderr })).toMatchObject({ error_type: 'cli.exit.22' });
  });

  test('rules of a machine go before, with the characters of expressions as they are', () => {
    const rules = [{ text: 'quota (##) [a-z]+', error_type: 'vendor.quota_##' }, ...outputRules];
    const said = { stdout: '', stderr: 'Quota (42) [a-z]+ used up; connection refused' };
    expect(failureOf('fetch', { ...end, exitCode: 1 }, said, rules)).toMatchObject({ error_type: 'vendor.quota_42' });
  });
});
