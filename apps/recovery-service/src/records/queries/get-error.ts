import { Injectable } from '@nestjs/common';
import { ProblemError, maySee, type ActionRequest, type ErrorRecord } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { toErrorRecord } from '../domain/error-record.js';
import { ErrorRecords } from '../error-records.js';

/** One error record. */
@Injectable()
export class GetError {
  constructor(private readonly records: ErrorRecords) {}

  async execute({ error_record_id }: ActionRequest<'getError'>, { actor }: Origin): Promise<ErrorRecord> {
    const record = await this.records.find(error_record_id);
    if (!record || !maySee(actor, record.tenant)) throw errorRecordNotFound(error_record_id);
    return toErrorRecord(record);
  }
}

export function errorRecordNotFound(id: string): ProblemError {
  return new ProblemError('ERROR_RECORD_NOT_FOUND', `There is no error record ${id}. List the error records to find its id.`);
}
