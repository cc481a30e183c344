import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ColumnsWriter } from '../domain/job-columns.js';
import { HourColumns } from '../domain/hour-columns.js';
import { changeSettlesMs, firstWholeHour, hourMs, hourOf, readingMsMax, settledBefore } from '../domain/history-hours.js';
import { JobHistory } from '../domain/job-history.js';
import type { JobRow } from '../domain/job-row.js';

const staleAtOnce = 50;
/** An hour is followed by a pause of so many times as long as it took. */
const patience = 4;

/** Lays down the hours of the history that are over, and anew those that have changed since. */
@Injectable()
export class LayDownHours {
  /** Hours before it were looked at, and those that changed afterwards are announced. */
  private lookedAtUntil = 0;

  constructor(
    private readonly history: JobHistory,
    private readonly columns: HourColumns,
  ) {}

  /** @param now epoch milliseconds. @returns how many hours were laid down */
  async execute(now: number, retentionMs: number, signal: AbortSignal): Promise<number> {
    const first = firstWholeHour(now, retentionMs);
    const before = settledBefore(now);
    let laid = 0;
    for await (const hour of this.hoursToLay(now, first, before)) {
      if (signal.aborted) break;
      const startedAt = performance.now();
      if (await this.layDown(hour)) laid += 1;
      await delay((performance.now() - startedAt) * patience, undefined, { signal }).catch(() => undefined);
    }
    if (!signal.aborted) await this.columns.sweep(now - readingMsMax, first);
    return laid;
  }

  private async *hoursToLay(now: number, first: number, before: number): AsyncGenerator<number> {
    const settled = now - changeSettlesMs;
    for (const hour of await this.columns.stale(settled, staleAtOnce)) {
      if (hour >= first && hour < before) yield hour;
    }
    for (let from = Math.max(first, this.lookedAtUntil); from < before;) {
      const row = await this.firstJob(from, before);
      if (!row?.head) {
        this.lookedAtUntil = before;
        return;
      }
      const hour = hourOf(row.head.created_at);
      // One that is being changed right now is stale later on.
      if (await this.columns.isToLay(hour, settled)) yield hour;
      from = hour + hourMs;
      this.lookedAtUntil = from;
    }
  }

  private async firstJob(from: number, before: number): Promise<JobRow | null> {
    const filter = { created_after: new Date(from), created_before: new Date(before) };
    for await (const row of this.history.read({ filter, order: 'asc', after: null, expected: 1 })) return row;
    return null;
  }

  private async layDown(start: number): Promise<boolean> {
    const hour = await this.columns.begin(start);
    const filter = { created_after: new Date(start), created_before: new Date(start + hourMs) };
    const size = { parts: 0, bytes: 0 };
    const put = async (writer: ColumnsWriter): Promise<void> => {
      const bytes = writer.bytes();
      await this.columns.putPart(hour, size.parts, bytes);
      size.parts += 1;
      size.bytes += bytes.length;
    };
    let writer = new ColumnsWriter(start);
    for await (const row of this.history.read({ filter, order: 'asc', after: null, expected: Infinity })) {
      writer.add(row);
      if (!writer.isFull) continue;
      await put(writer);
      writer = new ColumnsWriter(start);
    }
    await put(writer);
    return this.columns.complete(hour, size);
  }
}
