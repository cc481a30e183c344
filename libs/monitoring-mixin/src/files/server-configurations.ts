import { targetsJob, type MixinOptions } from '../mixin-options.js';

/** Prometheus: what it scrapes, and whom it tells. The rules lie beside it. */
export function prometheusConfiguration({ api, alertmanager, everySeconds, credentials }: MixinOptions): object {
  const every = `${everySeconds}s`;
  return {
    global: { scrape_interval: every, evaluation_interval: every },
    rule_files: ['kintsugi-rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [
      {
        job_name: targetsJob,
        http_sd_configs: [{ url: `${api}/metrics/targets`, refresh_interval: every, ...authorization(credentials.key) }],
        ...authorization(credentials.opsToken),
      },
    ],
  };
}

/** Prometheus 2.42 leaves the kind out where it asks for targets, unless it is told. */
function authorization(file: string | undefined): object {
  return file === undefined ? {} : { authorization: { type: 'Bearer', credentials_file: file } };
}

/** What is quiet while something else says why: each only where both are about the same. */
const inhibitions = [
  { cause: 'KintsugiNoWorkers', symptoms: ['KintsugiQueueStalled'], equal: ['type'] },
  {
    cause: 'KintsugiServiceDown',
    symptoms: ['KintsugiServiceNotReady', 'KintsugiEventLoopLag', 'KintsugiLogLinesLost'],
    equal: ['service', 'instance'],
  },
  { cause: 'KintsugiServiceMissing', symptoms: ['KintsugiServiceDown', 'KintsugiRestarting'], equal: ['service'] },
  ...['JobSuccess', 'TaskWait', 'Api'].map((name) => ({
    cause: `Kintsugi${name}BurnFast`,
    symptoms: [`Kintsugi${name}BurnSlow`],
    equal: ['slo'],
  })),
];

/** Alertmanager: pages and tickets go their own ways, and what follows from something else is not told of. */
export function alertmanagerConfiguration({ api, credentials, groupWaitSeconds, tellsPlatform }: MixinOptions): object {
  const authorized = credentials.key === undefined ? {} : { http_config: authorization(credentials.key) };
  const hooks = tellsPlatform ? { webhook_configs: [{ url: `${api}/v1/hooks/alertmanager`, ...authorized }] } : {};
  return {
    route: {
      receiver: 'tickets',
      group_by: ['alertname', 'type', 'service', 'slo'],
      group_wait: `${groupWaitSeconds}s`,
      group_interval: `${groupWaitSeconds * 4}s`,
      repeat_interval: '12h',
      routes: [{ receiver: 'pages', matchers: ['severity="page"'], repeat_interval: '1h' }],
    },
    inhibit_rules: inhibitions.map(({ cause, symptoms, equal }) => ({
      source_matchers: [`alertname="${cause}"`],
      target_matchers: [`alertname=~"${symptoms.join('|')}"`],
      equal,
    })),
    receivers: ['pages', 'tickets'].map((name) => ({ name, ...hooks })),
  };
}
