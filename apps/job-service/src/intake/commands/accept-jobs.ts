import { Injectable } from '@nestjs/common';
import type { ActionRequest, CreatedJobs } from '@kintsugi/contracts';
import { Faults, Turns } from '@kintsugi/hosting';
import { toProblemError } from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { AnswerCreateJob } from '../answer-create-job.js';
import { IncomingJobs } from '../incoming-job.js';
import type { Origin } from './accept-job.js';

/** Jobs that are read in one turn of the loop. */
const readAtOnce = 32;

/** Accepts many jobs side by side, so that they share writes, and answers each for itself. */
@Injectable()
export class AcceptJobs {
  constructor(
    private readonly incoming: IncomingJobs,
    private readonly answer: AnswerCreateJob,
    private readonly turns: Turns,
    private readonly faults: Faults,
  ) {}

  async execute({ jobs }: ActionRequest<'createJobs'>, origin: Origin): Promise<CreatedJobs> {
    const answers: Promise<CreatedJobs['jobs'][number]>[] = [];
    for (const [index, job] of jobs.entries()) {
      if (index > 0 && index % readAtOnce === 0) await this.turns.next();
      answers.push(this.one(job, `data.jobs[${index}]`, origin));
    }
    const entries = await Promise.all(answers);
    const accepted = entries.filter((entry) => entry.accepted).length;
    return { accepted, refused: entries.length - accepted, jobs: entries };
  }

  private async one(job: object, path: string, origin: Origin): Promise<CreatedJobs['jobs'][number]> {
    try {
      const read = await this.incoming.read(Buffer.from(JSON.stringify(job)), false, path);
      return { accepted: true, job: await this.answer.toJob(read, origin) };
    } catch (error) {
      return { accepted: false, problem: { ...toProblemError(error, this.faults.report, isUnreachable).toProblem() } };
    }
  }
}
