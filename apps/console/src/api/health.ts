/** What `GET /health` says. */
export interface Health {
  overall: 'ok' | 'degraded' | 'failing';
  reasons: { reason: string; advice: string }[];
  services: Record<string, 'ready' | 'not_ready' | 'no_answer'>;
  processes: {
    service: string;
    instance: string;
    ready: boolean;
    checks: Record<string, string>;
    cpu_percent: number | null;
    memory_mib: number | null;
  }[];
  jobs: {
    by_status: Record<string, number>;
    failed_last_hour: number;
    completed_last_hour: number;
    counted_to: number;
  } | null;
  workers: number | null;
  host: { name: string; cores: number; load_1m: number; memory_mib: number; free_memory_mib: number };
  logs: { kept: number; stored_mib: number } | null;
}
