export function matchGlobPattern(pattern: string, resource: { readonly path: string }): boolean;
