import { limits } from '@kintsugi/contracts';

/** What a value became as JSON: no text for nothing, or why there is none. */
export type JsonText = { text?: string } | { unjson: string } | { bytes: number };

export function textOfValue(value: unknown): JsonText {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? {} : { text };
  } catch (error) {
    return { unjson: String(error) };
  }
}

/** What a handler returned in its process. What could not become JSON there does not become any here either. */
export function valueOfText(json: JsonText): unknown {
  if ('unjson' in json) {
    return {
      toJSON: (): never => {
        throw new TypeError(json.unjson);
      },
    };
  }
  if ('bytes' in json) return { result_dropped: `${json.bytes} bytes are more than the ${limits.resultBytes} that are kept` };
  return json.text === undefined ? undefined : (JSON.parse(json.text) as unknown);
}
