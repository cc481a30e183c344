import { targetsJob, type MixinOptions } from '../mixin-options.js';

/** Prometheus: what it scrapes, and whom it tells. The rules lie beside it. */
export function prometheusConfiguration({ targetsUrl, alertmanager, everySeconds, credentials }: MixinOptions): object {
  const every = `${everySeconds}s`;
  return {
    global: { scrape_interval: every, evaluation_interval: every },
    rule_files: ['kintsugi-rules.yml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    scrape_configs: [
      {
        job_name: targetsJob,
        http_sd_configs: [{ url: targetsUrl, refresh_interval: every, ...authorization(credentials?.key) }],
        ...authorization(credentials?.opsToken),
      },
    ],
  };
}

function authorization(file: string | undefined): object {
  return file === undefined ? {} : { authorization: { credentials_file: file } };
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
export function alertmanagerConfiguration({ groupWaitSeconds }: MixinOptions): object {
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
    receivers: [{ name: 'pages' }, { name: 'tickets' }],
  };
}
