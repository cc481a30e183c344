import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { fleetLines, fleetSummary } from '../fleet/fleet-lines.js';
import { Interruption } from '../interruption.js';

export interface TopOptions extends ConnectionOptions {
  every: number;
  once?: boolean;
}

/** Shows how the platform goes on, again and again until somebody ends it; once where nobody watches. */
export async function top(context: CommandContext, options: TopOptions): Promise<ExitCode> {
  const { output } = context;
  const client = await connect(context, options);
  if (options.once || output.json || !output.isLive) {
    const fleet = await client.getFleet();
    output.result(fleet, () => fleetLines(fleet, output));
    return exitCodes.ok;
  }
  const interruption = new Interruption();
  const live = output.live();
  try {
    const { signal } = interruption;
    for await (const event of client.followTopics(['fleet'], { signal, intervalMs: Math.round(options.every * 1_000) })) {
      if (event.event === 'fleet') live.show({ lines: fleetLines(event.data, output), summary: fleetSummary(event.data) });
      if (event.event === 'unavailable') {
        live.show({ lines: [output.paint.yellow(event.data.detail)], summary: event.data.detail });
      }
    }
  } catch (error) {
    if (!interruption.happened) throw error;
  } finally {
    live.end();
    interruption.release();
  }
  return exitCodes.ok;
}
