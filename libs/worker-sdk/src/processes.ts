export { excessWords, type Excess, type ProcessLimits } from './domain/process-limits.js';
export { pids, readText, startTimeOf } from './process/proc-files.js';
export { ProcessMeter, type ProcessUse } from './process/process-meter.js';
export { signalGroup } from './process/signal-group.js';
