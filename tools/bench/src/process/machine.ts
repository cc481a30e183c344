import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Conditions } from '../bench-results.js';

/** What the benchmark runs on. */
export function conditionsOfMachine(): Conditions {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryMb: Math.round(totalmem() / 1_048_576),
    os: `${type()} ${release().replace(/[-+].*$/, '')}`,
    node: process.versions.node,
    loadAverage: loadavg()[0] ?? 0,
  };
}
