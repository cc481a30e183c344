import { runService } from '@kintsugi/hosting';
import { jobService } from './job-service.js';

await runService(jobService);
