import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { subjects } from '@kintsugi/contracts';
import { FigureRollCall, understood } from '@kintsugi/hosting';
import { Bus, RollCall, type Msg } from '@kintsugi/messaging';
import { isEnough, type ProcessHealth } from '../domain/fleet-health.js';
import type { ProcessFigures } from '../domain/metric-family.js';

const healthTimeoutMs = 500;

const processHealthSchema = z.object({
  service: z.string(),
  instance: z.string(),
  ready: z.boolean(),
  checks: z.record(z.string(), z.string()),
  ops: z
    .string()
    .regex(/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/)
    .nullable(),
});

/** Asks all processes of the platform how they are. Those that say nothing in time, or nothing that makes sense, are left out. */
@Injectable()
export class FleetRollCall {
  private readonly healthCall: RollCall;
  private readonly figureCall: FigureRollCall;

  constructor(private readonly bus: Bus) {
    this.healthCall = new RollCall(bus, subjects.health, healthTimeoutMs);
    this.figureCall = new FigureRollCall(bus);
  }

  get natsUp(): boolean {
    return this.bus.state === 'up';
  }

  /** @param everyone waits for all that can answer in time, and not only for enough to say that the platform is ready */
  async health(everyone: boolean): Promise<ProcessHealth[]> {
    const isReady = (sofar: readonly Msg[]): boolean => isEnough(understood(processHealthSchema, sofar));
    const answers = await this.healthCall.ask((sofar, asManyAsBefore) => (asManyAsBefore || !everyone) && isReady(sofar));
    return understood(processHealthSchema, answers);
  }

  metrics(): Promise<ProcessFigures[]> {
    return this.figureCall.ask();
  }
}
