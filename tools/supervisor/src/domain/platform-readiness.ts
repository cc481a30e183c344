/** What the gateway says about itself and what is behind it. */
export interface Readiness {
  ready: boolean;
  /** By service: `ready`, or why not. */
  services: Record<string, string>;
}

/** What each process says itself; null for one that does not answer. */
export type OwnReadiness = Record<string, { ready: boolean } | null>;

/**
 * How the platform is. The gateway asks the services over NATS: what it heard nothing of says for itself whether it is
 * down, or only cannot be heard.
 */
export function platformReadiness({ ready, services }: Readiness, own: OwnReadiness): Readiness {
  const complete = { ...services };
  for (const [name, said] of Object.entries(own)) {
    const unheard = complete[name] === undefined || complete[name] === 'no_answer';
    if (unheard) complete[name] = wordOf(said);
  }
  return { ready, services: complete };
}

function wordOf(said: { ready: boolean } | null): string {
  if (said === null) return 'no_answer';
  return said.ready ? 'ready' : 'not_ready';
}
