import { Module, type OnModuleInit } from '@nestjs/common';
import { Bus, EventPublisher } from '@kintsugi/messaging';
import { Store, ensureIndexes } from '@kintsugi/persistence';
import { RecordsModule } from '../records/records.module.js';
import { ForgetGroups } from './commands/forget-groups.js';
import { FinishSplits } from './commands/finish-splits.js';
import { JoinGroups } from './commands/join-groups.js';
import { MergeGroups } from './commands/merge-groups.js';
import { NoteFailures } from './commands/note-failures.js';
import { ReopenGroups } from './commands/reopen-groups.js';
import { TellGroupEvents } from './commands/tell-group-events.js';
import { SplitGroup } from './commands/split-group.js';
import { UpdateGroup } from './commands/update-group.js';
import { FailureGroups } from './failure-groups.js';
import { GroupAssigner } from './group-assigner.js';
import { GroupChanges } from './group-changes.js';
import { GroupChores } from './group-chores.js';
import { GroupMerger } from './group-merger.js';
import { GroupReader } from './group-reader.js';
import { GroupWays } from './group-ways.js';
import { SplitMover } from './split-mover.js';
import { LearntTemplates } from './learnt-templates.js';
import { FailureGroupStore, failureGroupIndexes } from './mongo/failure-group-store.js';
import { LearntTemplateStore, learntTemplateIndexes } from './mongo/learnt-template-store.js';
import { GroupsController } from './nats/groups.controller.js';
import { GetGroup } from './queries/get-group.js';
import { ListGroupTasks } from './queries/list-group-tasks.js';
import { ListGroups } from './queries/list-groups.js';

const stores = [
  { provide: FailureGroups, useClass: FailureGroupStore },
  { provide: LearntTemplates, useClass: LearntTemplateStore },
  { provide: EventPublisher, inject: [Bus], useFactory: (bus: Bus) => new EventPublisher(bus) },
];
const shared = [GroupAssigner, NoteFailures, GroupChores];
const chores = [JoinGroups, ReopenGroups, TellGroupEvents, ForgetGroups, FinishSplits];

/** Failures of one kind, whatever jobs they struck: which they are, and what people do about them. */
@Module({
  imports: [RecordsModule],
  controllers: [GroupsController],
  providers: [
    ...stores,
    ...shared,
    ...chores,
    GroupMerger,
    GroupReader,
    GroupWays,
    GroupChanges,
    SplitMover,
    SplitGroup,
    ListGroups,
    ListGroupTasks,
    GetGroup,
    UpdateGroup,
    MergeGroups,
  ],
  exports: [...shared, FailureGroups],
})
export class GroupsModule implements OnModuleInit {
  constructor(private readonly store: Store) {}

  async onModuleInit(): Promise<void> {
    await ensureIndexes(this.store, [...failureGroupIndexes, ...learntTemplateIndexes]);
  }
}
