import type { ManualRecoveries, ManualRecoveryRequest, PersonsOrder } from './manual-recoveries.js';

/** The manual recoveries without a database, for specs: they keep to the same promises as those in MongoDB. */
export class ManualRecoveriesInMemory implements ManualRecoveries {
  private readonly requests = new Map<string, ManualRecoveryRequest>();

  async add(request: ManualRecoveryRequest): Promise<void> {
    this.requests.set(request.id, structuredClone(request));
  }

  async remove(id: string): Promise<void> {
    this.requests.delete(id);
  }

  async removeOf(recordIds: readonly string[], jobIds: readonly string[]): Promise<void> {
    for (const { id, error_record_id: recordId, job_id: jobId } of [...this.requests.values()]) {
      if ((recordId !== null && recordIds.includes(recordId)) || (jobId !== null && jobIds.includes(jobId))) {
        this.requests.delete(id);
      }
    }
  }

  async renew(id: string): Promise<boolean> {
    return this.requests.has(id);
  }

  ordersOf(ids: readonly string[]): Promise<Map<string, PersonsOrder>> {
    return this.find(ids);
  }

  async find(ids: readonly string[]): Promise<Map<string, PersonsOrder>> {
    const found = ids.map((id) => this.requests.get(id)).filter((request) => request !== undefined);
    return new Map(
      structuredClone(found).map(({ id, params, from_step: fromStep, requested_by: requestedBy }) => [
        id,
        { params: params ?? null, fromStep: fromStep ?? null, requestedBy },
      ]),
    );
  }
}
