import type { Actor } from '@kintsugi/contracts';
import { equalText } from './error-records-conformance.js';
import type { ManualRecoveries, ManualRecoveryRequest } from './manual-recoveries.js';

const requestedBy: Actor = { key: 'ada', name: 'ada', role: 'operator', tenant: 'acme', door: 'http', address: '10.0.0.7' };

/** What every keeper of manual recoveries promises. `recoveries` begins without any. */
export const manualRecoveryPromises: [promise: string, hold: (recoveries: ManualRecoveries) => Promise<void>][] = [
  ['gives what was asked for and by whom, with params of any keys', givesOrders],
  ['renews what it knows, and only that', renews],
  ['leaves out what it does not know, and what was removed', leavesOut],
];

function requestOf(id: string, params: ManualRecoveryRequest['params']): ManualRecoveryRequest {
  return {
    ...{ id, requested_by: requestedBy, error_record_id: 'err_1', group_id: null, job_id: null },
    ...{ force: false, ignore_conditions: true, params },
  };
}

async function givesOrders(recoveries: ManualRecoveries): Promise<void> {
  const odd = { to: 'ann@example.com', 'odd.key': { $set: [1, null] } };
  await recoveries.add(requestOf('rcv_1', odd));
  await recoveries.add(requestOf('rcv_2', undefined));
  await recoveries.add({ ...requestOf('rcv_3', {}), from_step: 'charge' });
  const orders = await recoveries.ordersOf(['rcv_1', 'rcv_2', 'rcv_3']);
  for (const [id, params, fromStep] of [
    ['rcv_1', odd, null],
    ['rcv_2', null, null],
    ['rcv_3', {}, 'charge'],
  ] as const) {
    equalText(orders.get(id), { params, fromStep, requestedBy });
    equalText((await recoveries.find([id])).get(id), { params, fromStep, requestedBy });
  }
}

async function renews(recoveries: ManualRecoveries): Promise<void> {
  await recoveries.add(requestOf('rcv_1', {}));
  await recoveries.add(requestOf('rcv_2', {}));
  await recoveries.remove('rcv_2');
  const ids = ['rcv_0', 'rcv_1', 'rcv_2'];
  equalText(await Promise.all(ids.map((id) => recoveries.renew(id))), [false, true, false]);
  equalText([...(await recoveries.ordersOf(ids)).keys()], ['rcv_1']);
}

async function leavesOut(recoveries: ManualRecoveries): Promise<void> {
  await recoveries.add(requestOf('rcv_1', {}));
  await recoveries.add(requestOf('rcv_2', {}));
  await recoveries.remove('rcv_1');
  await recoveries.remove('rcv_none');
  equalText([...(await recoveries.ordersOf(['rcv_0', 'rcv_1', 'rcv_2'])).keys()], ['rcv_2']);
}
