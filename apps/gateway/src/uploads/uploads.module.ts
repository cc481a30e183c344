import { Module } from '@nestjs/common';
import { TaskReading } from '../http/task-reading.js';
import { Backend } from '../nats/backend.js';
import { ReceiveUpload } from './commands/receive-upload.js';
import { UploadSlots } from './commands/upload-slots.js';

/** Jobs of up to a million tasks, taken in line by line. */
@Module({
  providers: [
    {
      provide: ReceiveUpload,
      inject: [Backend, UploadSlots, TaskReading],
      useFactory: (backend: Backend, slots: UploadSlots, reading: TaskReading) => new ReceiveUpload(backend, slots, reading),
    },
  ],
  exports: [ReceiveUpload],
})
export class UploadsModule {}
