import { Module } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import type { GatewaySettings } from '../gateway.config.js';
import { MeteredShares } from '../shares/metered-shares.js';
import { ReceiveUpload } from './commands/receive-upload.js';
import { StagedUploads } from './commands/staged-uploads.js';
import { UploadSlots } from './commands/upload-slots.js';

/** Jobs of up to a million tasks, taken in line by line. */
@Module({
  providers: [
    ReceiveUpload,
    StagedUploads,
    {
      provide: UploadSlots,
      inject: [SETTINGS, Metrics],
      useFactory: ({ MAX_UPLOADS }: GatewaySettings, metrics: Metrics) =>
        new UploadSlots(new MeteredShares('upload', MAX_UPLOADS, metrics)),
    },
  ],
  exports: [ReceiveUpload, StagedUploads],
})
export class UploadsModule {}
