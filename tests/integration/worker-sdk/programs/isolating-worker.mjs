// A worker with a handler that has a process of its own. Without top-level await, so that it can be CommonJS.
import { pathToFileURL } from 'node:url';
import { createWorker } from '@kintsugi/worker-sdk';

const [, , handler, type] = process.argv;
const worker = createWorker({ handleSignals: true }).handle(type, pathToFileURL(handler), { isolate: true });
void worker.start().then(() => process.stdout.write(`${JSON.stringify({ started: process.version })}\n`));
