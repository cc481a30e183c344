import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { WantedPort } from './listen-fault.js';

/** How a service takes HTTP. When it opens and closes is the service's affair. */
export interface HttpDoor {
  adapter: AbstractHttpAdapter;
  wanted: WantedPort;
  /** Closes the app, and lets what runs come to its end first. */
  close(app: INestApplication): Promise<void>;
}
