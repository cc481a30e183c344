import { ProblemError } from '@kintsugi/contracts';

/** The ETag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** The data of an update with the version that its If-Match header asks for, which must not differ from one in the data. */
export function withExpectedVersion(data: unknown, ifMatch: string | undefined): unknown {
  if (ifMatch === undefined || ifMatch.trim() === '*' || typeof data !== 'object' || data === null) return data;
  const version = /^\s*"(\d{1,15})"\s*$/.exec(ifMatch)?.[1];
  if (version === undefined) throw invalid(ifMatch, 'FORMAT', 'one ETag of a job, such as "3", or *');
  const given = (data as Record<string, unknown>)['expected_version'];
  if (given !== undefined && given !== Number(version)) throw invalid(ifMatch, 'MISMATCH', `the same as data.expected_version`);
  return { ...data, expected_version: Number(version) };
}

function invalid(header: string, rule: string, allowed: string): ProblemError {
  const got = header.slice(0, 100);
  return new ProblemError('HEADER_INVALID', `header.if-match: ${rule}, got ${got}, allowed: ${allowed}.`, {
    errors: [{ path: 'header.if-match', rule, got, allowed }],
  });
}
