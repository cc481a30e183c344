import { runService } from '@kintsugi/hosting';
import { recoveryService } from './recovery-service.js';

await runService(recoveryService);
