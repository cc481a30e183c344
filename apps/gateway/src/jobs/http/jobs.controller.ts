import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { jobIdSchema, type BatchJob, type JobExplanation, type JobPage, type StepPage, type TaskPage } from '@kintsugi/contracts';
import { ContractPipe, type Origin } from '@kintsugi/messaging';
import { NeedsRole } from '../../keys/http/access.js';
import { TheOrigin } from '../../keys/http/caller.js';
import { Backend } from '../../nats/backend.js';
import { etagOf } from '../../operations/domain/expected-version.js';
import { Weighs } from '../../rates/http/weight.js';
import {
  jobsQuerySchema,
  stepsQuerySchema,
  tasksQuerySchema,
  type JobsQuery,
  type StepsQuery,
  type TasksQuery,
} from './job-queries.js';

const inQuery = new ContractPipe('query');
const inPath = new ContractPipe('id');

/** Jobs and their tasks, for reading. */
@Controller('v1/jobs')
export class JobsController {
  constructor(private readonly backend: Backend) {}

  @Get()
  @NeedsRole('viewer')
  @Weighs(5)
  listJobs(
    @Query({ schema: jobsQuerySchema, pipes: [inQuery] }) query: JobsQuery,
    @TheOrigin() origin: Origin,
  ): Promise<JobPage> {
    return this.backend.ask('listJobs', query, origin);
  }

  @Get(':id')
  @NeedsRole('viewer')
  async getJob(
    @Param('id', { schema: jobIdSchema, pipes: [inPath] }) id: string,
    @TheOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchJob> {
    const job = await this.backend.ask('getJob', { job_id: id }, origin);
    if (job.version !== undefined) reply.raw.setHeader('etag', etagOf(job.version));
    return job;
  }

  @Get(':id/why')
  @NeedsRole('viewer')
  explainJob(
    @Param('id', { schema: jobIdSchema, pipes: [inPath] }) id: string,
    @TheOrigin() origin: Origin,
  ): Promise<JobExplanation> {
    return this.backend.ask('explainJob', { job_id: id }, origin);
  }

  @Get(':id/tasks')
  @NeedsRole('viewer')
  @Weighs(5)
  listTasks(
    @Param('id', { schema: jobIdSchema, pipes: [inPath] }) id: string,
    @Query({ schema: tasksQuerySchema, pipes: [inQuery] }) query: TasksQuery,
    @TheOrigin() origin: Origin,
  ): Promise<TaskPage> {
    return this.backend.ask('listTasks', { job_id: id, ...query }, origin);
  }

  @Get(':id/steps')
  @NeedsRole('viewer')
  @Weighs(5)
  listSteps(
    @Param('id', { schema: jobIdSchema, pipes: [inPath] }) id: string,
    @Query({ schema: stepsQuerySchema, pipes: [inQuery] }) query: StepsQuery,
    @TheOrigin() origin: Origin,
  ): Promise<StepPage> {
    return this.backend.ask('listSteps', { job_id: id, ...query }, origin);
  }
}
