import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { jobIdOf } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import { Backend } from '../../nats/backend.js';
import { Room } from '../../shares/domain/room.js';
import { StagedUpload } from './staged-upload.js';

/** Chunks on their way of all uploads: as many as three fast ones have, whose texts the gateway can well hold beside what it reads. */
const inFlightOfAllMax = 24;

/** Begins uploads, of which together a bounded part is in memory however many there are and however slow the store is. */
@Injectable()
export class StagedUploads {
  private readonly room = new Room(inFlightOfAllMax);

  constructor(private readonly backend: Backend) {}

  /** @param ended aborted with a reason when no more of it shall be staged */
  begin(origin: Origin, ended = new AbortController().signal): StagedUpload {
    return new StagedUpload(this.backend, jobIdOf(uuidv7()), origin, this.room, ended);
  }
}
