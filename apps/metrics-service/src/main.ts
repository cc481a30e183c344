import { runService } from '@kintsugi/hosting';
import { metricsService } from './metrics-service.js';

await runService(metricsService);
