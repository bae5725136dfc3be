/** The import path of the package for Go. */
export const goPackage = "pulumi-scalekit/sdk/go/scalekit";

/** The name of the module for Python. */
export const pythonPackage = "pulumi_scalekit";

/** What the generators of each language ask for besides. */
export const languages = {
  // Programs in TypeScript import pulumi-scalekit itself, so the generated package has another name.
  nodejs: { packageName: "pulumi-scalekit-sdk", respectSchemaVersion: true },
  python: { packageName: pythonPackage, pyproject: { enabled: true }, respectSchemaVersion: true },
  go: { importBasePath: goPackage, respectSchemaVersion: true },
  csharp: { respectSchemaVersion: true },
};
