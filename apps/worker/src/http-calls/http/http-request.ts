import { readFileSync } from 'node:fs';
import type { HttpResult, HttpTask, httpRequest } from '@kintsugi/contracts';
import { isLoopbackHost } from '@kintsugi/hosting';
import { NonRetryable, TaskError, type JobHandler } from '@kintsugi/worker-sdk';
import type { RulesFile } from '../../rules/rules-file.js';
import type { WorkerRules } from '../../rules/worker-rules.js';
import { masked } from '../../secrets/masked.js';
import { httpResult, secretsOfHeader, type HttpAnswer } from '../domain/http-result.js';
import { nextRequest, type HttpCall } from '../domain/next-request.js';
import { retryAfterMs } from '../domain/retry-after.js';
import { mayGoTo } from '../domain/secret-places.js';
import { exchange } from './guarded-exchange.js';

type HttpRules = WorkerRules['http'];

/** An answer, and where it came from in the end. */
interface GivenAnswer {
  answer: HttpAnswer;
  url: URL;
}

const redirectsMax = 5;
const saidLengthMax = 300;

/** Of the connection itself. By `host` a task would choose whom a server, and its certificate, takes the request to be for. */
const connectionHeaders = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
];

/** Makes the HTTP request of a task, if this worker may reach where it goes. */
export function httpRequestHandler(rules: RulesFile): JobHandler<typeof httpRequest> {
  return async ({ task, run_key, signal, mask }) => {
    const { http } = await rules.current();
    const { payload } = task;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(payload.timeout_s * 1000)]);
    const begun = performance.now();
    try {
      const call = callOf(payload, run_key, http);
      const secrets = call.secretHeaders.flatMap((name) => secretsOfHeader(call.headers[name] ?? '')).filter(Boolean);
      for (const secret of secrets) mask(secret);
      const given = await ask(call, payload, http, limit);
      const result = httpResult(given.answer, given.url, performance.now() - begun, secrets);
      refuseOther(payload, given, result, secrets);
      return result;
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted) throw error;
      throw new TaskError(`No whole answer came within ${payload.timeout_s} s.`, { error_type: 'net.timeout' });
    }
  };
}

async function ask(first: HttpCall, task: HttpTask, http: HttpRules, signal: AbortSignal): Promise<GivenAnswer> {
  let call = first;
  for (let hops = 0; ; hops += 1) {
    const answer = await exchange({ ...call, bytesMax: task.max_bytes, allowPrivate: http.allow_private, signal });
    const next = task.follow_redirects ? nextOf(call, answer) : null;
    if (!next) return { answer, url: call.url };
    if (hops === redirectsMax) {
      throw new NonRetryable(`More than ${redirectsMax} redirects.`, { error_type: 'http.too_many_redirects' });
    }
    call = next;
  }
}

function nextOf(call: HttpCall, { status, headers }: HttpAnswer): HttpCall | null {
  try {
    return nextRequest(call, status, headers['location']);
  } catch (error) {
    throw new NonRetryable((error as Error).message, { error_type: 'http.bad_redirect' });
  }
}

function callOf({ method, url: address, headers, body }: HttpTask, runKey: string, http: HttpRules): HttpCall {
  const url = new URL(address);
  if (url.username || url.password) {
    throw new NonRetryable('A URL holds no user and password: give them as a header with a secret.', {
      error_type: 'http.url_invalid',
    });
  }
  const bytes = body === undefined ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), valueOf(value, url, http)] as const);
  const taken = given.find(([name]) => connectionHeaders.includes(name));
  if (taken) {
    throw new NonRetryable(`The header ${taken[0]} follows from the request, and no task sets it.`, {
      error_type: 'http.header_not_allowed',
    });
  }
  const secretHeaders = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [] : [name.toLowerCase()],
  );
  const usual: Record<string, string> = {
    'user-agent': 'kintsugi',
    accept: '*/*',
    'idempotency-key': runKey,
    ...(bytes ? { 'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json' } : {}),
  };
  const length: Record<string, string> = bytes ? { 'content-length': String(bytes.length) } : {};
  return { method, url, headers: { ...usual, ...Object.fromEntries(given), ...length }, secretHeaders, body: bytes };
}

/** A secret goes to the hosts that it is for, and to no other that a job may name. */
function valueOf(value: HttpTask['headers'][string], url: URL, { secrets }: HttpRules): string {
  if (typeof value === 'string') return value;
  const secret = secrets.find(({ name }) => name === value.secret);
  if (!secret) throw new NonRetryable(`This worker knows no secret ${value.secret}.`, { error_type: 'http.secret_unknown' });
  if (!mayGoTo(secret.hosts, url, isLoopbackHost(url.hostname))) {
    const place = url.protocol === 'https:' ? url.hostname : `${url.hostname} by plain HTTP`;
    throw new NonRetryable(`The secret ${value.secret} is not for ${place}.`, { error_type: 'http.secret_not_allowed' });
  }
  return secret.value ?? readFileSync(secret.file as string, 'utf8').trim();
}

function refuseOther(task: HttpTask, { answer, url }: GivenAnswer, result: HttpResult, secrets: readonly string[]): void {
  const { expected_status: expected } = task;
  const { status, headers, body } = answer;
  if (expected ? expected.includes(status) : status >= 200 && status < 300) return;
  const said = masked(body.toString('utf8'), secrets).slice(0, saidLengthMax).replace(/\s+/g, ' ').trim();
  const wait = retryAfterMs(headers['retry-after'], Date.now());
  throw new TaskError(`${masked(url.host, secrets)} answered ${status}.${said === '' ? '' : ` It said: ${said}`}`, {
    error_type: status >= 400 ? `http.${status}` : `http.unexpected_${status}`,
    ...(wait === undefined ? {} : { retry_after_ms: wait }),
    result,
  });
}
