import type { CallMessage, ReplyMessage, WorkerNotice } from './load-messages.js';

type Handlers = Record<string, (order: never) => unknown>;

/** Answers the calls of the benchmark in a load process, which ends with the line to the benchmark. */
export function answerCalls(handlers: Handlers): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: CallMessage) => void answer(handlers, message));
}

export function notify(notice: WorkerNotice): void {
  process.send?.(notice);
}

async function answer(handlers: Handlers, { call, method, order }: CallMessage): Promise<void> {
  try {
    send({ reply: call, result: await handlers[method]?.(order as never) });
  } catch (error) {
    send({ reply: call, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function send(message: ReplyMessage): void {
  process.send?.(message);
}
