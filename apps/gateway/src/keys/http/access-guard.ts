import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Exchange } from '../../http/exchange.js';
import { weightMetadata } from '../../rates/http/weight.js';
import { accessMetadata, allTenantsMetadata, type Access } from './access.js';
import { Admissions, type Admission, type MaybeLater } from './admissions.js';
import { rememberAdmission } from './caller.js';

/** Has every request to a route of Nest's admitted first. Global, so that no route and no spelling of a path gets around it. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly admissions: Admissions,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): MaybeLater<boolean> {
    const handler = context.getHandler();
    const access = this.reflector.get<Access | undefined>(accessMetadata, handler);
    if (!access) return false;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const admission = this.admissions.admit(Exchange.of(request.raw), {
      access,
      weight: this.reflector.get<number | undefined>(weightMetadata, handler) ?? 1,
      ofAllTenants: this.reflector.get<boolean | undefined>(allTenantsMetadata, handler) ?? false,
    });
    return admission instanceof Promise ? admission.then((later) => remembered(request, later)) : remembered(request, admission);
  }
}

function remembered(request: FastifyRequest, admission: Admission | null): true {
  if (admission) rememberAdmission(request, admission);
  return true;
}
