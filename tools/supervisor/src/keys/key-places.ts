import { join } from 'node:path';

/** The key of the command line on this machine. */
export function commandLineKeyFileOf(home: string): string {
  return join(home, 'run', 'cli-key');
}

/** The key of Prometheus and Alertmanager beside the platform. */
export function monitoringKeyFileOf(home: string): string {
  return join(home, 'run', 'monitoring-key');
}

/** The token that ops ports ask for, as Prometheus reads it. */
export function opsTokenFileOf(home: string): string {
  return join(home, 'run', 'ops-token');
}

/** What the sessions of the console are sealed with. */
export function sessionSecretFileOf(home: string): string {
  return join(home, 'run', 'session-secret');
}
