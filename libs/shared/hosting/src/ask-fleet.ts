import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { decodeUtf8, parseJson, subjects } from '@kintsugi/contracts';
import { RollCall, type Bus, type Msg } from '@kintsugi/messaging';

const timeoutMs = 300;
const bytesMax = 64 * 1024 ** 2;

const processFiguresSchema = z.object({
  service: z.string(),
  instance: z.string(),
  version: z.string().optional(),
  settings: z.record(z.string(), z.string()).optional(),
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

/** The metrics of one process, as it tells them. */
export type ProcessFigures = z.output<typeof processFiguresSchema>;

/** Asks all processes of the platform for their metrics. Those that say nothing in time, or nothing that makes sense, are left out. */
export class FigureRollCall {
  private readonly call: RollCall;

  constructor(bus: Bus) {
    this.call = new RollCall(bus, subjects.metrics, timeoutMs);
  }

  async ask(): Promise<ProcessFigures[]> {
    const answers = await this.call.ask();
    return understood(processFiguresSchema, answers, (data) => gunzipSync(data, { maxOutputLength: bytesMax }));
  }
}

/** The answers that are of the schema. */
export function understood<Schema extends z.ZodType>(
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
