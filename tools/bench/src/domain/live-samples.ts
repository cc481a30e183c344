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
  /** Of that, how long the main threads of the service and of the asker were ready to run and had no core. */
  waitedMs: number;
  /** How long the main thread of the service ran meanwhile. */
  ranMs: number;
}

export interface LiveWatch {
  samples: LiveSample[];
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
    // Both may have waited at the same time: it is never less than the service ran.
    ownMaxMs: Math.max(...own.map(({ answerMs, waitedMs, ranMs }) => Math.max(ranMs, answerMs - waitedMs))),
    ranMaxMs: Math.max(...own.map(({ ranMs }) => ranMs)),
  };
}
