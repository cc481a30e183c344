export { KintsugiModule } from './kintsugi.module.js';
export type { KintsugiOptions } from './kintsugi-options.js';
export { InjectKintsugi } from './inject-kintsugi.js';
export { TaskHandler } from './task-handler.js';
export { OnJobEvent } from './on-job-event.js';
export { KintsugiHealth, type KintsugiHealthResult } from './kintsugi-health.js';
