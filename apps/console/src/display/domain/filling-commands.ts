const hello = 'node examples/hello-worker/worker.mjs';
const toHello = '--type greet --product demo --group readers';

/** What fills each place that can be empty; what belongs there is told by the texts `empty.` and the same name. */
export const fillingCommands = {
  jobs: `echo '{"payload": {"name": "Ada"}}' | ./kintsugi submit - ${toHello}`,
  jobsFound: './kintsugi history --from 30d',
  views: './kintsugi history --status failed --from 24h',
  tasks: './kintsugi job {job} --watch',
  graph: `echo '[{"id": "a", "payload": {"name": "Ada"}}, {"id": "b", "payload": {"name": "Grace"}, "depends_on": ["a"]}]' | ./kintsugi submit - ${toHello}`,
  usage: './kintsugi run -- sleep 30',
  logs: './kintsugi run -- echo hello',
  logLines: './kintsugi logs {job} --last 100',
  running: './kintsugi run -- sleep 60',
  failedJobs: './kintsugi run -- false',
  troubles: './kintsugi groups list',
  unserved: './kintsugi jobs --status pending --status running',
  groups: './kintsugi run -- false',
  groupsInState: './kintsugi groups list',
  groupRecords: './kintsugi errors --from 30d',
  groupRecoveries: './kintsugi recover --group {group} --canary 5 --rate 10',
  waitingRecoveries: "./kintsugi recover --type 'smtp.*' --when 'approval admin'",
  workers: hello,
  queues: `echo '[{"payload": {"name": "Ada"}}, {"payload": {"name": "Grace"}}]' | ./kintsugi submit - ${toHello}`,
  schedules: "./kintsugi schedules create nightly --cron '30 2 * * *' --job nightly.json",
  scheduleTimes: './kintsugi schedules resume {schedule}',
  pools: './kintsugi pool create app --repository https://github.com/acme/app --size 8',
  slots: './kintsugi pool add-slot {pool}',
  webhooks: './kintsugi webhooks create on-call --to https://hooks.example.com/kintsugi --event job.failed',
  deliveries: './kintsugi webhooks test {webhook}',
  policies: "./kintsugi policy set 'smtp.*' --max-attempts 5 --initial-delay 30",
  policyVersions: './kintsugi policy set {type} --max-attempts 5',
  alerts: './kintsugi alerts conditions',
  alertsOver: './kintsugi alerts history',
  conditions: './kintsugi alerts create no-workers --signal queue_workers --threshold 1 --for 60 --severity page',
  figures: './kintsugi run -- echo hello',
  silences: "./kintsugi alerts silence --minutes 30 --reason 'a deployment'",
  audit: './kintsugi schedules pause nightly',
  keysOff: './kintsugi down && ./kintsugi up --auth on',
  keys: './kintsugi keys create nightly-batch --role operator',
  settings: './kintsugi health --json',
} as const;

export type EmptyPlace = keyof typeof fillingCommands;
