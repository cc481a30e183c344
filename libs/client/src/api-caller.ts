import { ProblemError, TRACEPARENT_HEADER, isProblem, withoutSecrets } from '@kintsugi/contracts';
import type { ResolvedClientOptions } from './client.config.js';

export interface ApiRequest {
  method?: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string | ReadableStream<Uint8Array>;
  signal?: AbortSignal | undefined;
  /** For what lasts. */
  unlimited?: boolean;
  /** How long the service behind the gateway may take for it, in milliseconds. */
  answerTimeoutMs?: number;
}

const timeoutMsDefault = 30_000;

/** Speaks HTTP with the gateway. Whatever goes wrong is a ProblemError: the gateway's own, or one that says what came instead. */
export class ApiCaller {
  private readonly baseUrl: string;

  constructor(private readonly options: ResolvedClientOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  async json<Result>(request: ApiRequest): Promise<Result> {
    const response = await this.send(request);
    try {
      return (await response.json()) as Result;
    } catch (error) {
      throw this.unreachable(error, request);
    }
  }

  /** The response of a request that succeeded. */
  async send(request: ApiRequest): Promise<Response> {
    const response = await this.reach(request);
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  /** Any response, whatever its status. */
  async reach(request: ApiRequest): Promise<Response> {
    const { method = 'GET', path, headers, body, signal, unlimited = false, answerTimeoutMs = 0 } = request;
    const { apiKey, timeoutMs = Math.max(timeoutMsDefault, answerTimeoutMs), fetch: send = fetch } = this.options;
    const traceparent = this.options.traceparent?.();
    const signals = [...(signal ? [signal] : []), ...(unlimited ? [] : [AbortSignal.timeout(timeoutMs)])];
    try {
      return await send(this.baseUrl + path, {
        method,
        headers: {
          ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
          ...(traceparent === undefined ? {} : { [TRACEPARENT_HEADER]: traceparent }),
          ...headers,
        },
        signal: AbortSignal.any(signals),
        // A stream as the body goes out while the answer may already come in.
        ...(body === undefined ? {} : { body, duplex: 'half' as const }),
      });
    } catch (error) {
      throw this.unreachable(error, request);
    }
  }

  private unreachable(error: unknown, { signal }: ApiRequest): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof ProblemError) return error;
    const late = (error as { name?: unknown }).name === 'TimeoutError';
    const why = late ? 'did not answer in time' : `cannot be reached (${reasonOf(error)})`;
    const words = withoutSecrets(`The API at ${this.baseUrl} ${why}. Is Kintsugi running?`);
    return new ProblemError('SERVICE_UNAVAILABLE', words, { retry_after: 1 });
  }
}

async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (isProblem(body)) return ProblemError.fromProblem(body);
  } catch {
    // Something between us and the gateway answered in its own words.
  }
  const code = response.status >= 500 ? 'SERVICE_UNAVAILABLE' : 'REQUEST_INVALID';
  return new ProblemError(code, `The API answered ${response.status} ${response.statusText} without saying why.`);
}

/** fetch hides why behind "fetch failed". Looked at by shape: such an error need not be of this realm's Error. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const { code, message } = (cause ?? error) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message ?? error);
}
