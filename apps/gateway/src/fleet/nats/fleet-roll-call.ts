import { gunzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { decodeUtf8, parseJson, subjects } from '@kintsugi/contracts';
import { Bus, askAll, type Msg } from '@kintsugi/messaging';
import { isEnough, type ProcessHealth } from '../domain/fleet-health.js';
import type { ProcessFigures } from '../domain/metric-family.js';

const healthTimeoutMs = 500;
const metricsTimeoutMs = 300;
const metricsBytesMax = 64 * 1024 ** 2;

const processHealthSchema = z.object({
  service: z.string(),
  instance: z.string(),
  ready: z.boolean(),
  checks: z.record(z.string(), z.string()),
  ops: z
    .string()
    .regex(/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/)
    .nullable(),
});

const processFiguresSchema = z.object({
  service: z.string(),
  instance: z.string(),
  families: z.array(
    z.object({
      name: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/),
      help: z.string(),
      type: z.string(),
      values: z.array(
        z.object({
          metricName: z.string().optional(),
          labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.union([z.string(), z.number()])).default({}),
          value: z.number().nullable(),
        }),
      ),
    }),
  ),
});

/** Asks all processes of the platform how they are. Those that say nothing in time, or nothing that makes sense, are left out. */
@Injectable()
export class FleetRollCall {
  constructor(private readonly bus: Bus) {}

  get natsUp(): boolean {
    return this.bus.state === 'up';
  }

  /** @param everyone waits for all that can answer in time, and not only for enough to say that the platform is ready */
  async health(everyone: boolean): Promise<ProcessHealth[]> {
    const answers = await askAll(this.bus, subjects.health, {
      timeoutMs: healthTimeoutMs,
      ...(everyone ? {} : { enough: (sofar: readonly Msg[]) => isEnough(understood(processHealthSchema, sofar)) }),
    });
    return understood(processHealthSchema, answers);
  }

  async metrics(): Promise<ProcessFigures[]> {
    const answers = await askAll(this.bus, subjects.metrics, { timeoutMs: metricsTimeoutMs });
    return understood(processFiguresSchema, answers, (data) => gunzipSync(data, { maxOutputLength: metricsBytesMax }));
  }
}

function understood<Schema extends z.ZodType>(
  schema: Schema,
  answers: readonly Msg[],
  decode = (data: Uint8Array): Uint8Array => data,
): z.output<Schema>[] {
  return answers.flatMap((answer) => {
    try {
      const parsed = schema.safeParse(parseJson(decodeUtf8(decode(answer.data))));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
