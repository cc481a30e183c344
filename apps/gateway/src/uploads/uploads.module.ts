import { Module } from '@nestjs/common';
import { Backend } from '../nats/backend.js';
import { ReceiveUpload } from './commands/receive-upload.js';
import { UploadSlots } from './commands/upload-slots.js';

/** Jobs of up to a million tasks, taken in line by line. */
@Module({
  providers: [
    {
      provide: ReceiveUpload,
      inject: [Backend, UploadSlots],
      useFactory: (backend: Backend, slots: UploadSlots) => new ReceiveUpload(backend, slots),
    },
  ],
  exports: [ReceiveUpload],
})
export class UploadsModule {}
