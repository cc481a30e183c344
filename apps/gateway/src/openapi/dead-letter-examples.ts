export const exampleDeadLetterId = 'job.COMMANDS.1017.1798675200000000000';

const ofRecovery = { id: 'recovery.EVENTS.52.1798675200000000000' };
const ofMetrics = { id: 'metrics.EVENTS.52.1798675200000000000' };

/** Requests that change dead letters. */
export const deadLetterExamples = {
  replayJobDeadLetter: { id: exampleDeadLetterId },
  replayRecoveryDeadLetter: ofRecovery,
  replayMetricsDeadLetter: ofMetrics,
  discardJobDeadLetter: { id: exampleDeadLetterId },
  discardRecoveryDeadLetter: ofRecovery,
  discardMetricsDeadLetter: ofMetrics,
};
