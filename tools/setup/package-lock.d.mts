export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface PackageLock {
  packages: Record<string, LockedPackage>;
}

export function missingOptionalPackages(lock: PackageLock): Map<string, { version: string; dev?: boolean }>;
export function completePackageLock(lock: PackageLock): PackageLock;
