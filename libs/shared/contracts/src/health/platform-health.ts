/** What `GET /health` says: how the platform is, and each of its processes. */
export interface PlatformHealth {
  ready: boolean;
  services: Record<string, 'ready' | 'not_ready' | 'no_answer'>;
  /** failing: it cannot do its work. degraded: it does, and somebody should look. */
  overall: 'ok' | 'degraded' | 'failing';
  /** What is not as it should be, and what to do. */
  reasons: { reason: string; advice: string }[];
  processes: {
    service: string;
    instance: string;
    ready: boolean;
    checks: Record<string, string>;
    cpu_percent: number | null;
    memory_mib: number | null;
    version: string | null;
    /** Those in force, with secrets masked. Null for keys of other roles than admin, and for those that are bound to a tenant. */
    settings: Record<string, string> | null;
  }[];
  /** Jobs that the key may see, each count as far as `counted_to`; null where they cannot be counted now. */
  jobs: {
    by_status: Record<string, number>;
    /** Of the jobs accepted within the last hour. */
    failed_last_hour: number;
    completed_last_hour: number;
    counted_to: number;
  } | null;
  /** Connected workers; null where nobody says. */
  workers: number | null;
  /** Logs of jobs, and what they take on disk; null where nobody says. */
  logs: { kept: number; stored_mib: number } | null;
  /** Slots of pools by state, of all hosts; null where no agent of pools says. */
  pools: { slots: Record<string, number> } | null;
  /** How far the platform is behind: messages that wait for their readers, and the age of the oldest task that could run and does not. Null where nobody says. */
  lag: { waiting_messages: number | null; oldest_ready_task_s: number | null };
  /** The machine of the gateway. */
  host: { name: string; cores: number; load_1m: number; memory_mib: number; free_memory_mib: number };
}
