/** The actions of each service. */
export const deadLetterActions = {
  job: {
    list: 'listJobDeadLetters',
    get: 'getJobDeadLetter',
    replay: 'replayJobDeadLetter',
    discard: 'discardJobDeadLetter',
  },
  recovery: {
    list: 'listRecoveryDeadLetters',
    get: 'getRecoveryDeadLetter',
    replay: 'replayRecoveryDeadLetter',
    discard: 'discardRecoveryDeadLetter',
  },
  metrics: {
    list: 'listMetricsDeadLetters',
    get: 'getMetricsDeadLetter',
    replay: 'replayMetricsDeadLetter',
    discard: 'discardMetricsDeadLetter',
  },
} as const;
