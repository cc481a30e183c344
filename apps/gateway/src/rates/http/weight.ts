import { SetMetadata } from '@nestjs/common';

export const weightMetadata = 'kintsugi:weight';

/** As how many requests one of this route counts against the rate of its caller; 0 for what must always be answered. */
export const Weighs = (requests: number) => SetMetadata<string, number>(weightMetadata, requests);
