import type { Problem } from '@kintsugi/contracts';

/** A request that was refused, as the platform says it: what is wrong, and what to do. */
export class RequestProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string | null,
  ) {
    super(detail);
  }

  static of(status: number, body: unknown, requestId: string | null): RequestProblem {
    const { code = 'UNKNOWN', detail, title } = (body ?? {}) as Partial<Problem>;
    return new RequestProblem(status, code, detail ?? title ?? `HTTP ${status}`, requestId);
  }

  /** Whether asking again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function describeFault(error: unknown): string {
  if (error instanceof RequestProblem) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
