import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { validate } from '@kintsugi/contracts';

/** Holds a handler's argument to the schema declared with it; what breaks it is told as a problem with its path. */
export class ContractPipe implements PipeTransform {
  constructor(private readonly root: string) {}

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    return metadata.schema ? validate(metadata.schema as unknown as z.ZodType, value, this.root) : value;
  }
}
