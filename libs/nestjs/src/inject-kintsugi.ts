import { Inject } from '@nestjs/common';

export const KINTSUGI_CLIENT = Symbol('kintsugi.client');

/** Injects the `Client` of `@kintsugi/client`. */
export function InjectKintsugi(): PropertyDecorator & ParameterDecorator {
  return Inject(KINTSUGI_CLIENT);
}
