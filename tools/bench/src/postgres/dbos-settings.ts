/** Whose workflows they are; a worker runs only those of its own application and version. */
export const dbosApplication = { name: 'bench', applicationVersion: 'bench' };

/** As it comes a queue is polled once a second: with a hundred workflows at once that would be a hundred a second. */
export const pollingIntervalMs = 50;
