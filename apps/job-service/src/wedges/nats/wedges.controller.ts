import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { operations, subjects, type ActionRequest, type ActionResponse } from '@kintsugi/contracts';
import { WedgeWatch } from '../wedge-watch.js';

/** Says which jobs cannot end as things stand. */
@Controller()
export class WedgesController {
  constructor(private readonly wedges: WedgeWatch) {}

  @MessagePattern(subjects.request('job', 'checkWedges'))
  check(
    @Payload({ schema: operations.checkWedges.request }) { job_ids: ids }: ActionRequest<'checkWedges'>,
  ): ActionResponse<'checkWedges'> {
    const wedged = ids.flatMap((job_id) => {
      const mark = this.wedges.markOf(job_id);
      return mark ? [{ job_id, ...mark }] : [];
    });
    return { wedged };
  }
}
