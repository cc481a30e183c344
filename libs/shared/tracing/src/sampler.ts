import type { TracingOptions } from './start-tracing.js';

interface Given {
  traceId: string;
  traceFlags: number;
}

/** Digits of a trace id by which one is chosen: as many as a number holds exactly. */
const digits = 13;

/** Says whether what comes in is traced, by the trace that it is a part of, if any. */
export function samplerOf({ sampler, ratio }: Pick<TracingOptions, 'sampler' | 'ratio'>): (given: Given | undefined) => boolean {
  const [, isParentBased, root = ''] = /^(parentbased_)?(.*)$/.exec(sampler) ?? [];
  const share = root === 'always_on' ? 1 : root === 'always_off' ? 0 : ratio;
  return (given) => {
    if (given && isParentBased) return (given.traceFlags & 1) === 1;
    return given ? Number.parseInt(given.traceId.slice(-digits), 16) / 16 ** digits < share : Math.random() < share;
  };
}
