import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessMetadata, type Access } from './access.js';

/** One handler of a route and what it asks of its caller. */
interface DeclaredAccess {
  handler: string;
  access: Access | undefined;
}

/** Ends the start when a route does not say who may call it. */
export function refuseUndeclaredAccess(discovery: DiscoveryService, scanner: MetadataScanner): void {
  const undeclared = declaredAccess(discovery, scanner).filter(({ access }) => access === undefined);
  if (undeclared.length === 0) return;
  const names = undeclared.map(({ handler }) => handler).join(', ');
  throw new Error(`These routes do not say who may call them; give each @NeedsRole or @OpenToAnyone: ${names}.`);
}

function declaredAccess(discovery: DiscoveryService, scanner: MetadataScanner): DeclaredAccess[] {
  return discovery.getControllers().flatMap(({ instance, name }) => {
    const prototype = Object.getPrototypeOf(instance) as Record<string, (...args: unknown[]) => unknown>;
    return scanner
      .getAllMethodNames(prototype)
      .filter((method) => Reflect.hasMetadata('path', prototype[method] as object))
      .map((method) => ({
        handler: `${name}.${method}`,
        access: Reflect.getMetadata(accessMetadata, prototype[method] as object) as Access | undefined,
      }));
  });
}
