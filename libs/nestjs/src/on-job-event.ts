import { SetMetadata } from '@nestjs/common';
import type { JobEventHandler, JobEventName } from '@kintsugi/worker-sdk';

export const JOB_EVENT = 'kintsugi:job-event';

/** Calls this method for each job that it happens to, at least once, in one process of the group. */
export function OnJobEvent<Name extends JobEventName>(
  name: Name,
): <Method extends JobEventHandler<Name>>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void {
  return SetMetadata(JOB_EVENT, name);
}
