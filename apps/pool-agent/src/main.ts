import { runService } from '@kintsugi/hosting';
import { poolAgent } from './pool-agent.js';

await runService(poolAgent);
