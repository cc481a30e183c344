/**
 * Every problem a caller can meet, at any door. A code is never renamed and never reused.
 * `retryable` says whether the same request can succeed later without a change.
 */
export const problemCatalogue = {
  JSON_INVALID: { status: 400, retryable: false, title: 'The text is not valid JSON' },
  JSON_TOO_DEEP: { status: 400, retryable: false, title: 'The JSON is nested too deep' },
  ENCODING_INVALID: { status: 400, retryable: false, title: 'The text is not valid UTF-8' },
  BODY_TRUNCATED: { status: 400, retryable: true, title: 'The body ended before it was complete' },
  BODY_TOO_LARGE: { status: 413, retryable: false, title: 'The body is too large' },
  CONTENT_TYPE_UNSUPPORTED: { status: 415, retryable: false, title: 'The content type is not supported' },
  REQUEST_TIMEOUT: { status: 408, retryable: true, title: 'The request took too long to arrive' },
  HEADER_INVALID: { status: 400, retryable: false, title: 'A header is not valid' },
  HEADERS_TOO_LARGE: { status: 431, retryable: false, title: 'The headers are too large' },
  REQUEST_INVALID: { status: 400, retryable: false, title: 'The request is not valid HTTP' },
  VALIDATION_FAILED: { status: 400, retryable: false, title: 'The input is not valid' },
  ACTION_UNKNOWN: { status: 400, retryable: false, title: 'There is no such action' },
  TASK_INVALID: { status: 400, retryable: false, title: 'A task is not valid' },
  TASK_ID_DUPLICATE: { status: 400, retryable: false, title: 'Two tasks have the same id' },
  TOO_MANY_TASKS: { status: 413, retryable: false, title: 'The job has too many tasks' },
  ANSWER_TOO_LARGE: { status: 400, retryable: false, title: 'The answer would be too large' },
  CURSOR_INVALID: { status: 400, retryable: false, title: 'The cursor is not valid' },
  IDEMPOTENCY_KEY_INVALID: { status: 400, retryable: false, title: 'The idempotency key is not valid' },
  IDEMPOTENCY_MISMATCH: { status: 422, retryable: false, title: 'The idempotency key was used for another request' },
  UNAUTHENTICATED: { status: 401, retryable: false, title: 'A valid API key is needed' },
  FORBIDDEN: { status: 403, retryable: false, title: 'The role of this API key does not allow this' },
  HOST_NOT_ALLOWED: { status: 403, retryable: false, title: 'The Host header does not name this server' },
  ORIGIN_NOT_ALLOWED: { status: 403, retryable: false, title: 'A page of this origin may not write here' },
  ROUTE_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such route' },
  METHOD_NOT_ALLOWED: { status: 405, retryable: false, title: 'The route does not answer this method' },
  JOB_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such job' },
  ERROR_RECORD_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such error record' },
  ERROR_GROUP_NOT_FOUND: { status: 404, retryable: false, title: 'There is no such error group' },
  STATE_CONFLICT: { status: 409, retryable: false, title: 'The state does not allow this' },
  UPLOAD_CONFLICT: { status: 409, retryable: true, title: 'The upload is incomplete or was superseded' },
  RATE_LIMITED: { status: 429, retryable: true, title: 'This caller has made too many requests' },
  OVERLOADED: { status: 503, retryable: true, title: 'As many of these run already as this server takes on at once' },
  SERVICE_UNAVAILABLE: { status: 503, retryable: true, title: 'A service is not reachable' },
  STORE_UNAVAILABLE: { status: 503, retryable: true, title: 'The database is not reachable' },
  INTERNAL: { status: 500, retryable: true, title: 'An unexpected fault; it has been logged' },
} as const satisfies Record<string, { status: number; retryable: boolean; title: string }>;

export type ProblemCode = keyof typeof problemCatalogue;
