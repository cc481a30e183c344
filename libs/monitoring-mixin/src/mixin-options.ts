/** What differs from one installation to another. */
export interface MixinOptions {
  /** Where Prometheus asks for its targets. */
  targetsUrl: string;
  /** Where Prometheus finds Alertmanager, as `host:port`. */
  alertmanager: string;
  /** Seconds between two scrapes, and between two looks at the rules. */
  everySeconds: number;
  /** The page of a runbook is `<runbookUrl>/<alert>.md`. */
  runbookUrl: string;
  /** A dashboard is `<dashboardUrl>/<uid>`. */
  dashboardUrl: string;
  /** Alertmanager waits so long for further alerts of a group before it tells of them. */
  groupWaitSeconds: number;
}

/** Those of the committed files, for Prometheus and Alertmanager on the machine of the gateway. */
export const usualOptions: MixinOptions = {
  targetsUrl: 'http://127.0.0.1:8000/metrics/targets',
  alertmanager: '127.0.0.1:9093',
  everySeconds: 15,
  runbookUrl: 'https://kintsugi.dev/runbooks',
  dashboardUrl: 'http://127.0.0.1:3000/d',
  groupWaitSeconds: 15,
};

/** The label `job` of all targets. */
export const targetsJob = 'kintsugi';
