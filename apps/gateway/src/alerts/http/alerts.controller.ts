import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  alertConditionNameSchema,
  type AlertConditionPage,
  type AlertConditionView,
  type AlertPage,
  type AlertSilencePage,
} from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { Weighs } from '../../rates/http/weight.js';
import { alertPageQuerySchema, alertsQuerySchema, type AlertPageQuery, type AlertsQuery } from './alerts-query.js';

/** Alerts, conditions and silences, for reading. */
@Controller('v1')
export class AlertsController {
  constructor(private readonly backend: Backend) {}

  @Get('alerts')
  @NeedsRole('viewer')
  @Weighs(5)
  listAlerts(
    @Query({ schema: alertsQuerySchema, pipes: [new ContractPipe('query')] }) query: AlertsQuery,
    @TheOrigin() origin: Origin,
  ): Promise<AlertPage> {
    return this.backend.ask('listAlerts', query, origin);
  }

  @Get('alert-conditions')
  @NeedsRole('viewer')
  @Weighs(5)
  listConditions(
    @Query({ schema: alertPageQuerySchema, pipes: [new ContractPipe('query')] }) query: AlertPageQuery,
    @TheOrigin() origin: Origin,
  ): Promise<AlertConditionPage> {
    return this.backend.ask('listAlertConditions', query, origin);
  }

  @Get('alert-conditions/:id')
  @NeedsRole('viewer')
  getCondition(
    @Param('id', { schema: alertConditionNameSchema, pipes: [new ContractPipe('id')] }) name: string,
    @TheOrigin() origin: Origin,
  ): Promise<AlertConditionView> {
    return this.backend.ask('getAlertCondition', { name }, origin);
  }

  @Get('alert-silences')
  @NeedsRole('viewer')
  @Weighs(5)
  listSilences(
    @Query({ schema: alertPageQuerySchema, pipes: [new ContractPipe('query')] }) query: AlertPageQuery,
    @TheOrigin() origin: Origin,
  ): Promise<AlertSilencePage> {
    return this.backend.ask('listAlertSilences', query, origin);
  }
}
