import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Client } from '@kintsugi/client';
import { InjectKintsugi, KintsugiHealth, KintsugiModule, TaskHandler } from '@kintsugi/nestjs';
import type { PayloadOutput, TaskContext } from '@kintsugi/worker-sdk';
import { greet } from '../jobs.js';

@Injectable()
class Greeter {
  constructor(@InjectKintsugi() private readonly client: Client) {}

  @TaskHandler(greet)
  greet({ task: { payload } }: TaskContext<PayloadOutput<typeof greet>>) {
    return { greeting: `Nest greets ${payload.name}`, year: payload.on.getUTCFullYear() };
  }

  /** What it says to somebody by way of the platform. */
  async greeting(name: string): Promise<string | undefined> {
    const job = { product_id: 'shop', sending_group_id: 'nest' };
    const { job_id: jobId } = await this.client.submit(greet, job, [{ payload: { name, on: '2026-11-26' } }]);
    for await (const { event } of this.client.followJob(jobId)) if (event === 'job.failed') throw new Error('It failed.');
    for await (const { result } of this.client.results(greet, jobId)) return result.greeting;
    return undefined;
  }
}

@Module({ imports: [KintsugiModule.forRootAsync({ useFactory: () => ({}) })], providers: [Greeter] })
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn'] });
const greeting = await app.get(Greeter).greeting('Ada');
if (greeting !== 'Nest greets Ada') throw new Error(`It says ${greeting}.`);
const { kintsugi } = await app.get(KintsugiHealth).isHealthy();
if (kintsugi.status !== 'up') throw new Error(`It is ${JSON.stringify(kintsugi)}.`);
await app.close();
