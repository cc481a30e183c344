/** What differs from one installation to another. */
export interface MixinOptions {
  /** Address of the gateway. */
  api: string;
  /** Where Prometheus finds Alertmanager, as `host:port`. */
  alertmanager: string;
  /** Seconds between two scrapes, and between two looks at the rules. */
  everySeconds: number;
  /** The page of a runbook is `<runbookUrl>/<alert>.md`. */
  runbookUrl: string;
  /** A dashboard is `<dashboardUrl>/<uid>`. */
  dashboardUrl: string;
  /** Files with the key that the gateway asks for and the token that ops ports ask for, where they ask for any. */
  credentials: { key?: string; opsToken?: string };
  /** Whether Alertmanager tells the platform of what fires, as incidents. */
  tellsPlatform: boolean;
  /** Alertmanager waits so long for further alerts of a group before it tells of them. */
  groupWaitSeconds: number;
}

/** Those of the committed files, for Prometheus and Alertmanager on the machine of the gateway. */
export const usualOptions: MixinOptions = {
  api: 'http://127.0.0.1:8000',
  alertmanager: '127.0.0.1:9093',
  everySeconds: 15,
  runbookUrl: 'https://kintsugi.dev/runbooks',
  dashboardUrl: 'http://127.0.0.1:3000/d',
  credentials: {},
  tellsPlatform: false,
  groupWaitSeconds: 15,
};

/** Those of the profile `monitoring` of docker-compose.yml: containers call each other by name, and all doors ask who comes. */
export const composeOptions: MixinOptions = {
  ...usualOptions,
  api: 'http://gateway:8000',
  alertmanager: 'alertmanager:9093',
  credentials: { key: '/run/secrets/monitoring-key', opsToken: '/run/secrets/ops-token' },
};

/** The label `job` of all targets. */
export const targetsJob = 'kintsugi';
