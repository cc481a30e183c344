import type { NextMsgRequest, SeqMsgRequest } from '@nats-io/jetstream';
import { v7 as uuidv7 } from 'uuid';
import {
  chunkIdOf,
  jobIdOf,
  subjects,
  taskIdOf,
  type Actor,
  type CommandData,
  type CommandName,
  type TaskCommandName,
  type EventInput,
  type EventName,
  type FailedTask,
} from '@kintsugi/contracts';
import { Bus, EventPublisher, actorOf, applyTopology } from '@kintsugi/messaging';

export interface ReceivedCommand<Name extends CommandName = CommandName> {
  name: Name;
  id: string;
  data: CommandData<Name>;
  actor: Actor;
}

/** What job-service is to recovery-service: the source of events and the reader of commands, on a real broker. */
export class JobServiceSide {
  private constructor(
    readonly bus: Bus,
    private readonly events: EventPublisher,
    /** Every command as it was published, copies that the broker drops included. */
    readonly published: ReceivedCommand[],
  ) {}

  static async connect(natsUrl: string): Promise<JobServiceSide> {
    const bus = await Bus.connect({ servers: natsUrl, name: 'job-service-side' });
    await applyTopology(bus);
    const published: ReceivedCommand[] = [];
    bus.subscribe(subjects.allCommands, (message) => {
      const name = message.subject.split('.').at(-1) as CommandName;
      published.push({ name, id: message.headers?.get('Nats-Msg-Id') ?? '', data: message.json(), actor: actorOf(message) });
    });
    await bus.connection.flush();
    return new JobServiceSide(bus, new EventPublisher(bus), published);
  }

  async emit<Name extends EventName>(name: Name, data: EventInput<Name>): Promise<void> {
    const time = new Date().toISOString();
    await this.events.publish({ id: uuidv7(), name, source: 'job-service', subject: 'a-chunk', time, data });
  }

  /** The tasks that commands of a name were about, one entry for each time the broker stored one. */
  async tasksOf<Name extends TaskCommandName>(name: Name, jobId: string): Promise<CommandData<Name>['tasks']> {
    const commands = await this.stored(name);
    const mark = jobId.slice(4);
    return commands.flatMap(({ data }) => [...data.tasks]).filter(({ task_id }) => task_id.includes(mark));
  }

  /** The commands of a name that the broker keeps, in order. */
  async stored<Name extends CommandName>(name: Name): Promise<ReceivedCommand<Name>[]> {
    const found: ReceivedCommand<Name>[] = [];
    // A queue can be looked into only message by message: its consumer is job-service's.
    const { streams } = await this.bus.manager();
    for (let seq = 1; ; seq += 1) {
      const next: SeqMsgRequest & NextMsgRequest = { seq, next_by_subj: subjects.command(name) };
      const message = await streams.getMessage('COMMANDS', next);
      if (!message) break;
      const actor = actorOf({ headers: message.header });
      found.push({ name, id: message.header.get('Nats-Msg-Id'), data: message.json(), actor });
      seq = message.seq;
    }
    return found;
  }

  async close(): Promise<void> {
    await this.bus.close();
  }
}

/** A job of its own for a test, so that tests do not see each other's tasks. */
export function newJob(): { jobId: string; taskId: (index: number) => string } {
  const jobId = jobIdOf(uuidv7());
  return { jobId, taskId: (index) => taskIdOf(chunkIdOf(jobId, Math.floor(index / 256)), index % 256) };
}

export function failureOf(job: ReturnType<typeof newJob>, index: number, change: Partial<FailedTask> = {}): FailedTask {
  return {
    task_id: job.taskId(index),
    job_id: job.jobId,
    job_type: 'smtp.send',
    tenant: 'default',
    safety: 'keyed',
    attempt: 1,
    failures: change.attempt ?? 1,
    error_type: 'smtp.451',
    error_message: `451 4.7.1 <recipient${index}@example.com>: greylisted, try again in 300 s`,
    non_retryable: false,
    retry_after_ms: null,
    failed_at: new Date().toISOString(),
    retry_config: null,
    ...change,
  };
}
