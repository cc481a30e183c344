export { ChaosRun, type ChaosPlan } from './chaos-run.js';
export type { ChaosResults } from './domain/results.js';
export { faultKindsFrom, type ChaosFlags } from './chaos-flags.js';
export { runChaos } from './run-chaos.js';
