/** A service that is asked whether it lives. */
export interface LiveTarget {
  name: string;
  url: string;
  pid: number;
}

/** One answer to whether a service lives. */
export interface LiveSample {
  name: string;
  answerMs: number;
  /** Of that, how long the main thread of the service was ready to run and had no core. */
  serviceWaitedMs: number;
  /** The same of the asker. */
  askerWaitedMs: number;
  /** How long the main thread of the service ran meanwhile. */
  ranMs: number;
}

/** A question that was not answered, or not with yes. */
export interface LiveFault {
  name: string;
  reason: string;
}

export interface LiveWatch {
  samples: LiveSample[];
  faults: LiveFault[];
  /** By how much the asker, who has nothing else to do, woke too late: what the machine does to any process. */
  lateMs: number[];
}

/** What the answers of one service come to. */
export interface LiveAnswers {
  answersMs: number[];
  /** The longest, without what it took to get a core: what the service itself let one wait. */
  ownMaxMs: number;
  /** The most that its main thread ran before it answered. */
  ranMaxMs: number;
}

export function answersOf(samples: readonly LiveSample[], service: string): LiveAnswers {
  const own = samples.filter(({ name }) => name === service);
  if (own.length === 0) throw new Error(`${service} was not asked whether it lives.`);
  return {
    answersMs: own.map(({ answerMs }) => answerMs),
    ownMaxMs: Math.max(...own.map(ownMs)),
    ranMaxMs: Math.max(...own.map(({ ranMs }) => ranMs)),
  };
}

/** Both may have waited at the same time, so that one of the waits is taken off and not their sum. It is never less than the service ran. */
function ownMs({ answerMs, serviceWaitedMs, askerWaitedMs, ranMs }: LiveSample): number {
  return Math.max(ranMs, answerMs - Math.max(serviceWaitedMs, askerWaitedMs));
}

/** Throws unless every question was answered. */
export function requireLives({ samples, faults }: LiveWatch): void {
  const told = [...new Set(faults.map(({ name }) => name))].map((service) => {
    const of = (all: readonly { name: string }[]): number => all.filter(({ name }) => name === service).length;
    const asked = of(samples) + of(faults);
    return `${service} did not answer ${of(faults)} of ${asked} times (${faults.find(({ name }) => name === service)?.reason})`;
  });
  if (told.length > 0) throw new Error(`Asked for /health/live, ${told.join('; ')}.`);
}
