import { Injectable } from '@nestjs/common';
import { ProblemError, maySee, type ActionRequest, type ErrorRecord } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { toErrorRecord } from '../domain/error-record.js';
import type { RecoveryAttempt } from '../domain/recovery-attempt.js';
import { ErrorRecords } from '../error-records.js';
import { ManualRecoveries, type PersonsOrder } from '../manual-recoveries.js';

/** One error record, with what people have asked for whenever they had its task run again. */
@Injectable()
export class GetError {
  constructor(
    private readonly records: ErrorRecords,
    private readonly recoveries: ManualRecoveries,
  ) {}

  async execute({ error_record_id }: ActionRequest<'getError'>, { actor }: Origin): Promise<ErrorRecord> {
    const record = await this.records.find(error_record_id);
    if (!record || !maySee(actor, record.tenant)) throw errorRecordNotFound(error_record_id);
    const told = toErrorRecord(record);
    return { ...told, recovery_attempts: await this.withOrders(told.recovery_attempts) };
  }

  private async withOrders(attempts: readonly RecoveryAttempt[]): Promise<RecoveryAttempt[]> {
    const ids = attempts.flatMap(({ recovery_id: id }) => id ?? []);
    const orders = ids.length > 0 ? await this.recoveries.find(ids) : new Map<string, PersonsOrder>();
    return attempts.map((attempt) => ({ ...attempt, ...partOf(orders.get(attempt.recovery_id ?? '')) }));
  }
}

function partOf(order: PersonsOrder | undefined): Partial<RecoveryAttempt> {
  return {
    ...(order?.requestedBy ? { requested_by: order.requestedBy.name } : {}),
    ...(order?.params ? { custom_params: order.params } : {}),
    ...(order?.fromStep ? { from_step: order.fromStep } : {}),
  };
}

export function errorRecordNotFound(id: string): ProblemError {
  return new ProblemError('ERROR_RECORD_NOT_FOUND', `There is no error record ${id}. List the error records to find its id.`);
}
