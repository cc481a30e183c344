import { fileURLToPath } from 'node:url';

/** The folder of the whole product: what WORKER_PROGRAM is relative to. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));
