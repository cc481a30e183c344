import { DEFAULT_TENANT } from '@kintsugi/contracts';
import { recordSample } from '../../records/domain/error-record-sample.js';
import { afterSightings, type Sighting, type StoredGroup } from './failure-group.js';

/** The id of a group, for specs. */
export function groupIdSample(index: number): string {
  return `grp_${index.toString(16).padStart(32, '0')}`;
}

export function sightingSample(index: number, given: Partial<Sighting> = {}): Sighting {
  const { _id, job_id, job_type, error_type, timestamp } = recordSample(index);
  return {
    ...{ group_id: groupIdSample(index), tenant: DEFAULT_TENANT, error_type, title: 'greylisted' },
    ...{ job_id, job_type, error_record_id: _id, failed_at: timestamp },
    ...given,
  };
}

export function groupSample(index: number, given: Partial<StoredGroup> = {}): StoredGroup {
  return { ...afterSightings(null, [sightingSample(index)], 'event'), ...given };
}
