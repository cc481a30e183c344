import type { BenchResults } from '../bench-results.js';
import { hostileMessages } from '../domain/failure-messages.js';
import { largeRepository } from '../domain/repository-history.js';
import type { SystemName } from '../domain/systems.js';
import { shownNumber } from './numbers.js';

/** What an accepted task survives; figures compare fairly only within one class. */
export const durabilityOf: Record<SystemName, { name: string; meaning: string }> = {
  kintsugi: {
    name: 'power cut',
    meaning: 'an accepted task is in MongoDB’s journal on disk, by a grouped write with `w: majority, j: true`.',
  },
  bullmq: {
    name: 'crash of a process',
    meaning: 'Redis syncs its log every second (`appendfsync everysec`), so a power cut can lose the last second.',
  },
  'bullmq-always': {
    name: 'power cut',
    meaning: 'Redis syncs its log before it answers (`appendfsync always`).',
  },
  'graphile-worker': {
    name: 'power cut',
    meaning: 'PostgreSQL commits with `fsync` and `synchronous_commit` on. A finished job is deleted: there is no history.',
  },
  restate: {
    name: 'power cut',
    meaning: 'an accepted invocation is in Restate’s log, which is synced to disk (its default).',
  },
  dbos: {
    name: 'power cut',
    meaning: 'PostgreSQL commits with `fsync` and `synchronous_commit` on.',
  },
};

/** What no figure shows. */
export const caveats = [
  '- Setting up: we are four services and two servers, BullMQ is a library and one Redis.',
  '- A no-op handler flatters whoever has the least overhead a task. The longer handlers run, the less it matters which system hands them their tasks.',
  '- One machine with all servers on it says nothing about a cluster.',
  '- All systems are up while one of them is measured; our heartbeats take a little from the peers’ runs, theirs next to nothing from ours (see idle CPU).',
  '- graphile-worker’s recovery of a killed worker takes four hours by default and was not waited for.',
];

export function method({ plan }: BenchResults): string[] {
  const count = (value: number): string => shownNumber(value, 0);
  return [
    '## Method',
    '',
    `- All systems are up at the same time, each with a producer process and a worker process (${count(100)} tasks at once). They take turns: every second round is the one before it backwards (ABBA), and every pair of rounds begins with another system. ${plan.runs} rounds; ratios are medians of the ratios of each round.`,
    '- Before the first round every system has one bulk, one single and one HTTP run of the full size, as far as it is measured in them, that no figure is taken of: code is compiled, connections and heaps are warm.',
    '- Every run is checked: as many tasks accepted as submitted; each task run, counted by the handlers; each recorded as done by the system’s own store. Runs beyond the first of a task are counted.',
    `- Bulk: ${count(plan.bulkTasks)} no-op tasks of about 100 bytes each, submitted the fastest way the system documents, while the worker runs. We take them as one NDJSON upload over HTTP; BullMQ by addBulk; graphile-worker by addJobs. “Submit and process” ends when the store says that all are done. Our history and BullMQ’s are kept.`,
    '- BullMQ is measured twice, on a Redis each: with `appendfsync everysec`, as queues are run, and with `always`, whose durability is ours.',
    '- Before each run, BullMQ gets an empty Redis with a rewritten log, graphile-worker a vacuumed table and a checkpoint, DBOS empty tables and a checkpoint. Our own history grows from run to run.',
    `- Single: ${count(plan.singleJobs)} jobs of one task, each a request of its own, 1,024 under way (graphile-worker and DBOS: ${count(plan.singleJobsOnPostgres)}, over 10 connections). Ours are requests over NATS. A job of DBOS is a workflow of one step, enqueued by its client; it is measured in this alone, on a PostgreSQL of its own.`,
    `- HTTP: ${count(plan.httpJobs)} jobs of one task, each a request of its own by autocannon in the producer process, over 64 connections and then over 256, with one request under way on each. Each must be accepted, run and recorded; a request that is refused fails the run. Ours are createJob; Restate’s are invocations sent one way (\`/send\`), and it is measured in this alone.`,
    `- Pickup: ${count(plan.pickups)} tasks a run, one every 4 to 10 ms, from just before the call to the first line of the handler, on the machine’s monotonic clock.`,
    '- Recovery: a worker that holds 100 tasks gets SIGKILL while a second worker stands by; the time until the last of the 100 has started there. BullMQ with its defaults (lock 30 s, stalled check every 30 s) once, and once with a lock of 2 s checked every second.',
    '- CPU: user and system time from `/proc/<pid>/stat` of every process, servers and ended children included, from before the submission until one second after the end, so that work put off is counted. The producer’s is included on all sides, because the work that a producer of BullMQ does itself is done by our gateway.',
    '- Memory: proportional set size (PSS) of servers, services and worker together, one second after a bulk run. Growth: resident size (RSS) of our own services after a job of 100,000 tasks, and after one of 1,000,000 on the same, fresh platform; the servers are listed beside it, and mongod’s cache grows with what is kept, up to its own limit.',
    `- Logs, on a platform of its own whose built-in worker runs: ${count(plan.commands)} jobs of the command \`true\` one after the other, from submission to the event of its end, each beside a bare spawn just before it; a command that writes ${count(plan.outputBytes / 1e6)} MB as fast as it is read, bare and as a task, and the peak of its worker’s resident size over what it had when it was up; a text that stands once in a log of ${count(plan.searchedBytes / 1e6)} MB of lines, which were sent as workers send them, beside one thread that unpacks and looks through as many bytes; ${count(plan.ticks)} lines 20 ms apart, each of which says when it was written, as 50 readers see them come; the bulk run alone, beside five commands of 10 MB/s whose output is read and thrown away, and beside the same commands as tasks. What logs slow it by is the last beside the second, since the commands themselves would run with nobody to take their logs; what both slow it by, to the run alone, stands below that.`,
    `- Flood, on a platform of its own: for ${count(plan.floodMs / 1_000)} seconds, four senders for each kind of body send the worst that is allowed, and some that is not: JSON and NDJSON, plain and gzip, over HTTP; commands and requests over NATS. Every 50 ms a process of its own asks each service for \`/health/live\`. The kernel tells how long the main threads of both were ready to run and had no core meanwhile; without the longer of the two, which may have been at the same time, what is left is what the service itself lets one wait, and the bars hold for that. A question that is not answered within 10 s fails the run, and so does a door that takes none of the flood. An idle process, late by: how much later than due the asker itself woke. RSS: the peak that the kernel counted.`,
    `- Failures, on a platform of its own: ${count(plan.bulkTasks)} no-op tasks of which every tenth fails in its first run and is retried at once, beside as many that do not fail; which comes first changes from round to round. Healthy tasks of another worker, one every 2 to 6 ms, are timed as for pickup: ${count(600)} while nothing else runs, then from the submission of ${count(10_000)} tasks that succeed until the last has ended, and of as many that fail in every run, three times each.`,
    `- Errors, on a platform of its own: ${count(plan.errorRecords)} error records of ${count(plan.errorGroups)} groups are put into its store, and then asked for over HTTP: pages of the inbox, searches of each kind until a page is full, a text of one record, and the analysis of a month: once before its hours are laid down, five times after.`,
    `- History, on a platform of its own: its history is told of ${count(plan.historyJobs)} jobs of a month by the events that job-service sends, of which each tenth has 91 tasks and the others one, so ten tasks a job on average. Over HTTP, one request at a time: \`getJobInfo\` of ${count(plan.searches)} jobs that only the history has, and as many pages of 50 of \`fetchJobHistory\` with each kind of filter and their total up to its cap; the median of five sums over the month, before and after its hours are laid down (metrics-service is restarted for that, as it begins with them). Growth: how much longer a job or a page of a filter takes, by its median, with all of them than with a tenth of them, the most of these; pages are asked for with a time beside the filter, of a tenth of the month where there are ten times as many jobs, so that both answers are of as many jobs (a page and total of 20 jobs take longer than those of 2 in a history of any length). RSS of metrics-service with 10,000 of them and with all. Streams: 500 connections of \`/v1/stream?topics=jobs\` in this process, from the creation of a job until each has heard of it.`,
    `- Changes, on a platform of its own: ${count(plan.changeRounds)} running jobs one after the other get another priority, are paused, resumed and cancelled over HTTP; each from the call until both the job and the list of jobs, asked every 5 ms, say so.`,
    `- Steps, on a platform of its own: ${count(plan.steps)} steps of a handler, one after the other, each from its call to its end.`,
    `- Repair, on a platform of its own: CPU time of one thread for ${count(plan.messages)} messages of a thousand kinds, each with values of its own, after as many others; the slowest of ${count(hostileMessages().length)} texts of 64 KiB that are made to take long, each by the shortest of five first meetings; and ${count(plan.plans)} plans, over HTTP, of what is run again of a job of 10,000 tasks in 100 layers of which the first has failed.`,
    `- Backlog, on platforms of its own: starts of no-op tasks in a second: of 100,000 while jobs of 1,000 come two at a time, or of a job of 100,000 by itself, whichever is faster, and three times of 100,000 while a job of 1,000,000 waits that was accepted whole before (a job of 1,000 by itself is given out in one write, so its starts would say how fast a worker is); ${count(plan.urgentTasks)} tasks of priority 9, timed as for pickup, while nothing else runs (idle: one half before those jobs and one half after all of them have ended, each after a hundred that do not count or all the others, and only once no event waits for the history or recovery and all processes together have taken at most a fifth of a core in each of three seconds; what is not so within four minutes fails the run), and as many while a worker of 100 slots works off jobs of 1,000,000 no-op tasks of priority 5 (loaded: by hundreds, from the moment that such a job was accepted whole, each hundred that was over before the job had ended, and then beside the next); twenty jobs of ten tasks one after the other, from submission to end, alone and beside 100,000 tasks of 20 ms of another user; 10,000 no-op tasks in 100 layers, each of which waits for ten of the layer before, beside as many that wait for none, from submission to the event of its end, three times each; and 100,000 no-op tasks, three times and more, before and after job-service begins to delete all that has ended.`,
    `- Tracing: bulk and single as above in turns on two platforms, on one of which a hundredth of all requests is traced and told to a collector in the process of the benchmark that takes everything and keeps nothing; ${count(plan.tracingPairs)} pairs, every second one backwards, after one of each that does not count. By how much less the traced one of a pair got done in a second, by the median of all pairs, of bulk or single, whichever is more.`,
    `- Console, on a platform of its own, in a headless Chromium: ${count(plan.historyJobs)} jobs are told to its history, whose hours are laid down before anything is timed, as those of a running platform are hours later, ${count(plan.errorRecords)} error records of ${count(plan.errorGroups)} groups are put into its store, and one job of ${count(plan.consoleTasks)} tasks, of which each ten thousandth fails, is run. Each page is opened ${count(plan.consoleRounds)} times with an empty cache, until what it is about can be read and nothing is loading; the slowest counts. Interactions are what the browser itself counts from a key or click to the next picture; it tells none below 16 ms. Memory: a page that is left open, its clock turned on by three quarters of an hour and then by an hour, with every question that falls into it asked and answered; the heap after each, collected.`,
    `- Pools: 100 slots of 300 small files, each with all its objects read; ${count(plan.poolAllocations)} slots given out one after the other, each looked at first; and ${plan.poolRounds} slots of a repository of 200 MB, each beside a \`git clone\` of it from a \`git daemon\` on loopback. The 200 MB are those of its pack, of ${largeRepository}.`,
    '- Bulk as it comes: the same bulk submission with a worker of which no setting was changed; one job at a time is the default of both peers.',
  ];
}
