import type { Client } from '@kintsugi/client';
import { mistypedDomainRepair } from '@kintsugi/newsletter';
import { watchJob } from '../jobs/watch-job.js';
import type { Output } from '../terminal/output.js';
import { progressBar } from '../terminal/progress-bar.js';
import { count, duration, plural } from '../terminal/quantities.js';
import { fit, harmless } from '../terminal/text-width.js';
import { firstEndLines } from './demo-lines.js';
import { firstEndOf, groupToRepair, type FirstEnd } from './demo-summary.js';
import { finishedJob } from './finished-job.js';
import { HealedSoFar } from './healed-so-far.js';
import { readLedger } from './mail-world.js';
import { repairGroup } from './repair-group.js';
import type { SendingGroup } from './sending-group.js';

/** What the steps of a demo work with. */
export interface DemoRun {
  client: Client;
  output: Output;
  ledgerPort: string;
  signal: AbortSignal;
}

/** Submits the sending as a user would: the group is named, and the worker's plan makes the tasks. */
export async function submitSending({ client, output }: DemoRun, group: SendingGroup): Promise<string> {
  const { job_id } = await client.createJob({
    product_id: 'newsletter',
    sending_group_id: group.id,
    type: 'smtp.send',
    safety: 'keyed',
  });
  output.say(`Sending: ${job_id}`);
  return job_id;
}

/** Shows the sending until nothing more happens by itself, and tells how it ended. */
export async function sendToItsEnd({ client, output, ledgerPort, signal }: DemoRun, jobId: string): Promise<FirstEnd> {
  const startedAt = performance.now();
  const healed = new HealedSoFar(client, jobId);
  try {
    const notes = (): string[] => [`  recovered so far ${output.paint.green(count(healed.value))}`];
    await watchJob(client, jobId, output, { signal, notes, stays: true });
  } finally {
    healed.stop();
  }
  const tookMs = performance.now() - startedAt;
  const job = await finishedJob(client, jobId, signal);
  const groups = await client.listErrorGroups({ job_id: jobId });
  const end = firstEndOf(job, groups.items);
  const { delivered } = await readLedger(ledgerPort);
  output.say('', ...firstEndLines(end, delivered, tookMs, output), '');
  return end;
}

/** Repairs the addresses with the mistyped domain, all in one recovery; resolves with how many healed. */
export async function repairMistyped({ client, output, signal }: DemoRun, jobId: string): Promise<number> {
  const { items } = await client.listErrorGroups({ job_id: jobId });
  const group = groupToRepair(items, mistypedDomainRepair);
  if (!group) {
    output.say('No address has the mistyped domain, so there is nothing to repair.', '');
    return 0;
  }
  const { paint, columns } = output;
  const params = mistypedDomainRepair.custom_params;
  output.say(
    paint.bold('Repairing one group by hand'),
    fit(`  ${harmless(group.error_type)}: ${harmless(group.title)}`, columns),
    paint.dim(`  ./kintsugi recover ${group.id} \\`),
    paint.dim(`      --param domain=${params.domain}`),
  );
  const startedAt = performance.now();
  const live = output.live();
  const onProgress = (repaired: number, accepted: number): void => {
    const share = accepted === 0 ? 0 : repaired / accepted;
    const words = `${count(repaired)} of ${count(accepted)} healed`;
    live.show({
      lines: [`  ${progressBar([{ share, paint: paint.green }], columns - 4, paint.dim)}`, `  ${words}`],
      summary: words,
    });
  };
  const { accepted, repaired } = await repairGroup(client, jobId, group, params, { onProgress, signal });
  live.clear();
  output.say(
    `  ${plural(accepted, 'task')} run again, ${count(repaired)} healed in ${duration(performance.now() - startedAt)}`,
    '',
  );
  return repaired;
}
