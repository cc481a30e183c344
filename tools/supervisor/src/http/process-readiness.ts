/** What one process says at its own port of how it is. */
export interface ProcessReadiness {
  ready: boolean;
  /** By check: `ok`, or why not. */
  checks: Record<string, string>;
}

const timeoutMs = 3_000;

/** Asks a process itself; null when it does not answer. With the token of the ops ports it gives its reasons. */
export async function askProcess(opsUrl: string, token: string | null): Promise<ProcessReadiness | null> {
  try {
    const response = await fetch(`${opsUrl}/health/ready`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { ready, checks } = (await response.json()) as Partial<ProcessReadiness>;
    return checks === undefined ? null : { ready: ready === true, checks };
  } catch {
    return null;
  }
}
