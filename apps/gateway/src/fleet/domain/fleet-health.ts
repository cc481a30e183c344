/** What one process says of itself. */
export interface ProcessHealth {
  service: string;
  instance: string;
  ready: boolean;
  /** By check: `ok`, or why not. */
  checks: Record<string, string>;
  /** `host:port` at which it answers for itself; null while it does not. */
  ops: string | null;
}

/** Services without which this platform cannot do its work. */
export const requiredServices = ['job-service', 'recovery-service', 'metrics-service'] as const;

export type ServiceState = 'ready' | 'not_ready' | 'no_answer';

export interface FleetHealth {
  ready: boolean;
  /** By service: the best that any of its processes says. NATS is `ready` while this gateway is connected to it. */
  services: Record<string, ServiceState>;
}

/** Whether the platform can do its work: NATS is there and at least one process of each required service is ready. */
export function fleetHealth(natsUp: boolean, processes: readonly ProcessHealth[]): FleetHealth {
  const services: Record<string, ServiceState> = { nats: natsUp ? 'ready' : 'no_answer' };
  for (const service of requiredServices) services[service] = 'no_answer';
  for (const { service, ready } of processes) {
    if (ready) services[service] = 'ready';
    else if (services[service] !== 'ready') services[service] = 'not_ready';
  }
  return { ready: natsUp && requiredServices.every((service) => services[service] === 'ready'), services };
}

/** Whether the processes that answered so far are enough to call the platform ready. */
export function isEnough(processes: readonly ProcessHealth[]): boolean {
  return requiredServices.every((service) => processes.some((process) => process.service === service && process.ready));
}
