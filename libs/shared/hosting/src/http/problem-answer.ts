import type { ProblemError } from '@kintsugi/contracts';

const problemMediaType = 'application/problem+json; charset=utf-8';

/** A problem as HTTP tells it: the status, the headers that belong to it, and the body. */
export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function problemAnswer(error: ProblemError, requestId: string): ProblemAnswer {
  const problem = error.toProblem(requestId);
  const headers: Record<string, string> = { 'content-type': problemMediaType, 'cache-control': 'no-store' };
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="kintsugi"';
  if (problem.status === 405 && problem.allowed) headers['allow'] = problem.allowed.join(', ');
  if ([429, 503].includes(problem.status)) headers['retry-after'] = String(Math.max(1, Math.ceil(problem.retry_after ?? 1)));
  // What is left of such a body is not worth waiting for.
  if (error.code === 'REQUEST_TIMEOUT' || error.code === 'BODY_TRUNCATED') headers['connection'] = 'close';
  return { status: problem.status, headers, body: JSON.stringify(problem) };
}
