const timeoutMs = 2_000;

/** What keeps the gateway from being ready, or null when it is. */
export async function whyNotReady(apiUrl: string): Promise<string | null> {
  try {
    const response = await fetch(`${apiUrl}/health/ready`, { signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return response.ok ? null : `the gateway answers ${response.status}: ${text.slice(0, 300)}`;
  } catch {
    return `nothing answers at ${apiUrl}`;
  }
}
