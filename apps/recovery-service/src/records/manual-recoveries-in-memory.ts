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

  async ordersOf(ids: readonly string[]): Promise<Map<string, PersonsOrder>> {
    const found = ids.map((id) => this.requests.get(id)).filter((request) => request !== undefined);
    return new Map(
      structuredClone(found).map(({ id, params, requested_by: requestedBy }) => [id, { params: params ?? null, requestedBy }]),
    );
  }
}
