import { runService } from '@kintsugi/hosting';
import { gateway } from './gateway.js';

await runService(gateway);
