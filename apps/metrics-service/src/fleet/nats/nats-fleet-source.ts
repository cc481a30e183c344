import { Injectable } from '@nestjs/common';
import { ProblemError, serviceActor, type FailureGroup } from '@kintsugi/contracts';
import { FigureRollCall } from '@kintsugi/hosting';
import { Bus, callAction, ownOrigin } from '@kintsugi/messaging';
import type { FleetReading } from '../domain/fleet-reading.js';
import type { FleetSource } from '../queries/get-fleet.js';

const actor = serviceActor('metrics-service');
const groupsTimeoutMs = 1_000;
/** Those that failed last: one that grows is among them. */
const groupsRead = 200;

/** Asks the other processes over NATS. */
@Injectable()
export class NatsFleetSource implements FleetSource {
  private readonly figures: FigureRollCall;

  constructor(private readonly bus: Bus) {
    this.figures = new FigureRollCall(bus);
  }

  async read(): Promise<FleetReading> {
    const processes = await this.figures.ask();
    return { at: Date.now(), processes };
  }

  async groups(): Promise<readonly FailureGroup[] | null> {
    try {
      const asked = { origin: ownOrigin(actor), timeoutMs: groupsTimeoutMs };
      return (await callAction(this.bus, 'listGroups', { limit: groupsRead }, asked)).items;
    } catch (error) {
      if (error instanceof ProblemError) return null;
      throw error;
    }
  }
}
