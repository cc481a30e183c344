import { HttpReceiver } from './http-receiver.js';
import { fieldsOf, textOf, type Field } from './protobuf.js';

export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty where it begins its trace. */
  parentId: string;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  startedNs: bigint;
  endedNs: bigint;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  isError: boolean;
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const errorCode = 2n;

/** Takes spans as a collector of OpenTelemetry does: protobuf over HTTP, at `/v1/traces`. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];

  private constructor(private readonly http: HttpReceiver) {}

  static async start(): Promise<OtlpReceiver> {
    const http = await HttpReceiver.start(({ path, bytes }) => {
      if (path === '/v1/traces') receiver.spans.push(...spansOf(bytes));
    });
    const receiver = new OtlpReceiver(http);
    return receiver;
  }

  /** What came, as it came. */
  get bodies(): Buffer[] {
    return this.http.received.map(({ bytes }) => bytes);
  }

  get url(): string {
    return this.http.url;
  }

  stop(): Promise<void> {
    return this.http.stop();
  }
}

/** The spans of an ExportTraceServiceRequest of opentelemetry-proto 1. */
function spansOf(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const [resource = Buffer.alloc(0)] = messages(resourceSpans, 1);
    const service = String(attributesOf(messages(resource, 1))['service.name']);
    return messages(resourceSpans, 2).flatMap((scope) => messages(scope, 2).map((span) => spanOf(span, service)));
  });
}

function spanOf(bytes: Buffer, service: string): ReceivedSpan {
  const fields = fieldsOf(bytes);
  const hex = (number: number): string => bufferIn(fields, number).toString('hex');
  const [status = Buffer.alloc(0)] = messages(bytes, 15);
  return {
    service,
    traceId: hex(1),
    spanId: hex(2),
    parentId: hex(4),
    name: textOf(bufferIn(fields, 5)),
    kind: kinds[Number(numberIn(fields, 6))] ?? 'internal',
    startedNs: numberIn(fields, 7),
    endedNs: numberIn(fields, 8),
    attributes: attributesOf(messages(bytes, 9)),
    links: messages(bytes, 13).map((link) => {
      const linked = fieldsOf(link);
      return { traceId: bufferIn(linked, 1).toString('hex'), spanId: bufferIn(linked, 2).toString('hex') };
    }),
    isError: numberIn(fieldsOf(status), 3) === errorCode,
  };
}

function attributesOf(pairs: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const fields = fieldsOf(pair);
      const [value] = fieldsOf(bufferIn(fields, 2));
      const shown = value && (typeof value.value === 'bigint' ? Number(value.value) : textOf(value.value));
      return [textOf(bufferIn(fields, 1)), shown];
    }),
  );
}

function messages(bytes: Buffer, number: number): Buffer[] {
  return fieldsOf(bytes).flatMap((field) => (field.number === number && Buffer.isBuffer(field.value) ? field.value : []));
}

function bufferIn(fields: readonly Field[], number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function numberIn(fields: readonly Field[], number: number): bigint {
  const value = fields.find((field) => field.number === number)?.value;
  return typeof value === 'bigint' ? value : 0n;
}
