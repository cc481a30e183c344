import {
  failureGroupSchema,
  getGroupSchema,
  groupDetailsSchema,
  groupPageSchema,
  groupTasksSchema,
  listGroupTasksSchema,
  listGroupsSchema,
  mergeGroupsSchema,
  updateGroupSchema,
} from './failure-group.js';
import { splitGroupSchema } from './group-split.js';

/** What can be asked of groups of failures. */
export const groupOperations = {
  listGroups: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'Groups of failures across jobs, the one that failed last first.',
    request: listGroupsSchema,
    response: groupPageSchema,
  },
  getGroup: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'A group of failures, and how its records stand. One that was made part of another is that other.',
    request: getGroupSchema,
    response: groupDetailsSchema,
  },
  updateGroup: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about: 'Acknowledges, resolves, ignores or opens a group of failures, and says who sees to it and what to remember.',
    request: updateGroupSchema,
    response: failureGroupSchema,
  },
  mergeGroups: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about: 'Makes groups of failures part of another: their records and what fails so from now on are of that one.',
    answerTimeoutMs: 60_000,
    request: mergeGroupsSchema,
    response: failureGroupSchema,
  },
  splitGroup: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about:
      'Has some records of a group be another group, with what fails so from now on: by a value in the message, by error type, as given records are, or as before a merge. ' +
      'Answers that other group; the records of a large one follow within minutes.',
    answerTimeoutMs: 60_000,
    request: splitGroupSchema,
    response: failureGroupSchema,
  },
  listGroupTasks: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'services',
    about: 'Between services: which tasks of a job have failures in groups.',
    request: listGroupTasksSchema,
    response: groupTasksSchema,
  },
} as const;
