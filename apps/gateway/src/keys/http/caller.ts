import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { Caller } from '../domain/known-keys.js';

/** Whether the guard would let a request in now as it did before: its key may have been revoked since, or have expired. */
export type IsStillAdmitted = () => Promise<boolean>;

interface Admission {
  caller: Caller;
  /** The caller to the services behind this door. */
  origin: Origin;
  name: string;
  isStillAdmitted: IsStillAdmitted;
}

const admissions = new WeakMap<FastifyRequest, Admission>();

export function rememberAdmission(request: FastifyRequest, admission: Admission): void {
  admissions.set(request, admission);
}

/** The caller that the guard has let in. */
export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => admissionOf(context).caller);

/** Who asks, for the services that are asked. */
export const TheOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => admissionOf(context).origin);

/** Who the caller is to those who share something out: its key, or its address while there are none. */
export const CallerName = createParamDecorator((_: unknown, context: ExecutionContext): string => admissionOf(context).name);

/** For what lasts longer than a request: it has to ask again. */
export const StillAdmitted = createParamDecorator(
  (_: unknown, context: ExecutionContext): IsStillAdmitted => admissionOf(context).isStillAdmitted,
);

function admissionOf(context: ExecutionContext): Admission {
  const admission = admissions.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (!admission) throw new ProblemError('UNAUTHENTICATED', 'This request has not passed the guard.');
  return admission;
}
