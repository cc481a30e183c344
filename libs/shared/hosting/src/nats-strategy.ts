import { randomUUID } from 'node:crypto';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { firstValueFrom, isObservable } from 'rxjs';
import { actionOf, auditRuleOf, consumers, isAct, operations, subjects, type ConsumerName } from '@kintsugi/contracts';
import {
  DurableConsumer,
  applyTopology,
  headersOf,
  originHeaders,
  originOf,
  readRequest,
  replyWithProblem,
  replyWithResult,
  spanOfMessage,
  type Bus,
  type FaultListener,
  type JsMsg,
  type Msg,
  type Subscription,
} from '@kintsugi/messaging';
import { isUnreachable } from '@kintsugi/persistence';
import { inSpan } from '@kintsugi/tracing';
import type { Acts } from './acts.js';
import type { AuditedCalls, OwnRead } from './audit/audited-calls.js';
import { atOnceBytesMax, type Turns } from './turns.js';

export interface NatsStrategyOptions {
  bus: Bus;
  /** Queue group of the request subjects: one replica of the service answers. */
  queue: string;
  /** Where each host has a process of its own: the host whose requests this one answers. */
  host?: () => string;
  onFault: FaultListener;
  /** In which large requests are read. */
  turns: Turns;
  /** Told of what somebody has had changed. */
  acts?: Acts;
  /** Writes down what changes something, and has it carried out. */
  audited?: AuditedCalls | undefined;
}

/**
 * Nest's transport over our bus. `@MessagePattern(subject)` answers requests; `@EventPattern(consumer name)`
 * handles batches of a durable consumer, which are acknowledged after the handler has resolved.
 */
export class NatsStrategy extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private readonly subscriptions: Subscription[] = [];
  private readonly durable: DurableConsumer[] = [];

  constructor(private readonly options: NatsStrategyOptions) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      if ([...this.messageHandlers.values()].some((handler) => handler.isEventHandler)) await this.startConsumers();
      const presences = new Set<string>();
      const { bus, queue } = this.options;
      const host = this.options.host?.();
      for (const [pattern, handler] of this.messageHandlers) {
        if (handler.isEventHandler) continue;
        const subject = host === undefined ? pattern : subjects.atHost(pattern, host);
        presences.add(subjects.presence(subject));
        this.subscriptions.push(bus.subscribe(subject, (message) => this.answer(message, handler), { queue }));
      }
      // Not drained with the others: this process is there until its connection ends, by which time it has answered.
      const identity = randomUUID();
      for (const presence of presences) bus.subscribe(presence, (message) => message.respond(identity));
      // Who is told that this process listens may ask it at once, by another connection.
      await bus.flush();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.durable.map((consumer) => consumer.stop()));
    await Promise.all(this.subscriptions.map((subscription) => subscription.drain().catch(() => undefined)));
  }

  on(): void {
    throw new Error('Listen to the bus itself for its state.');
  }

  unwrap<T>(): T {
    return this.options.bus as T;
  }

  /** Asks a handler of this process as if somebody had sent the request. */
  readonly read: OwnRead = async (action, data, origin) => {
    const subject = subjects.request(operations[action].service, action);
    const handler = this.messageHandlers.get(subject);
    if (!handler) throw new Error(`Nobody answers ${subject} here.`);
    return settled(handler(data, { subject, headers: headersOf(originHeaders(origin)) }));
  };

  private async startConsumers(): Promise<void> {
    await applyTopology(this.options.bus).catch((error: unknown) => this.options.onFault(error, { subject: 'streams' }));
    for (const [pattern, handler] of this.messageHandlers) {
      if (!handler.isEventHandler) continue;
      if (!(pattern in consumers)) throw new Error(`No durable consumer is called ${pattern}.`);
      const consumer = new DurableConsumer(this.options.bus, pattern as ConsumerName, {
        onBatch: (batch: JsMsg[]) => settled(handler(batch)),
        onError: (error) => this.options.onFault(error, { subject: pattern }),
      });
      this.durable.push(consumer);
      await consumer.start();
    }
  }

  private async answer(message: Msg, handler: (data: unknown, context: unknown) => Promise<unknown>): Promise<void> {
    const { subject } = message;
    try {
      const span = spanOfMessage(message, actionOf(subject), subject, 'server');
      await inSpan(span, () => this.carryOut(message, handler));
    } catch (error) {
      replyWithProblem(message, error, this.options.onFault, isUnreachable);
    }
  }

  private async carryOut(message: Msg, handler: (data: unknown, context: unknown) => Promise<unknown>): Promise<void> {
    if (message.data.length > atOnceBytesMax) await this.options.turns.next();
    const data = readRequest(message);
    const action = actionOf(message.subject);
    const execute = (): Promise<unknown> => settled(handler(data, message));
    // Who asks is made out for what changes something: the others are far more.
    const call = isAct(action) || auditRuleOf(action) ? { action, data, ...originOf(message) } : null;
    replyWithResult(message, await ((call && this.options.audited?.run(call, execute)) ?? execute()));
    if (call && isAct(action)) this.options.acts?.note(call);
  }
}

async function settled(result: unknown): Promise<never> {
  const value = await result;
  return (isObservable(value) ? await firstValueFrom(value, { defaultValue: null }) : value) as never;
}
