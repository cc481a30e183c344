export function missingLibraries(lddOutput: string): string[];
export function debianPackageOf(library: string): string;
