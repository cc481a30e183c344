import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { Admission, IsStillAdmitted, Weigh } from './admissions.js';

const admissions = new WeakMap<FastifyRequest, Admission>();

export function rememberAdmission(request: FastifyRequest, admission: Admission): void {
  admissions.set(request, admission);
}

/** Who asks, for the services that are asked. */
export const TheOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => admissionOf(context).origin);

/** Who the caller is to those who share something out: its key, or its address while there are none. */
export const CallerName = createParamDecorator((_: unknown, context: ExecutionContext): string => admissionOf(context).name);

/** For what lasts longer than a request: it has to ask again. */
export const StillAdmitted = createParamDecorator(
  (_: unknown, context: ExecutionContext): IsStillAdmitted => admissionOf(context).isStillAdmitted,
);

/** For what turns out to cost more than a request of its route. */
export const WeighMore = createParamDecorator((_: unknown, context: ExecutionContext): Weigh => admissionOf(context).weigh);

function admissionOf(context: ExecutionContext): Admission {
  const admission = admissions.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!admission) throw new ProblemError('UNAUTHENTICATED', 'This request has not passed the guard.');
  return admission;
}
