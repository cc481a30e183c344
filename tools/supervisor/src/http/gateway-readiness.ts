import type { Readiness } from '../domain/platform-readiness.js';

const timeoutMs = 3_000;

export async function askReadiness(apiUrl: string): Promise<Readiness> {
  try {
    const response = await fetch(`${apiUrl}/health/ready`, { signal: AbortSignal.timeout(timeoutMs) });
    const { services = {} } = (await response.json()) as Partial<Readiness>;
    return { ready: response.ok, services };
  } catch {
    return { ready: false, services: { gateway: 'no_answer' } };
  }
}

/** What keeps the platform from being ready, in words. */
export function whatIsMissing({ services }: Readiness): string {
  const missing = Object.entries(services).filter(([, state]) => state !== 'ready');
  return missing.map(([name, state]) => `${name}: ${state.replaceAll('_', ' ')}`).join(', ') || 'the gateway is not ready';
}
