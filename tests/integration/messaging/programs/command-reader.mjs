// Reads the durable commands as job-service does, says what it was given, and never settles any of it: to be killed.
import { Bus, DurableConsumer } from '@kintsugi/messaging';

const bus = await Bus.connect({ servers: process.env.NATS_URL, name: 'reader to be killed' });
const reader = new DurableConsumer(bus, 'job-service-commands', {
  onBatch: async (batch) => {
    for (const { seq } of batch.splice(0)) process.stdout.write(`${seq}\n`);
  },
  onError: (error) => process.stderr.write(`${error}\n`),
});
await reader.start();
