// All that an older compiler is shown of pulumi-scalekit. It cannot read the real declarations, and would take everything
// for `any` without a word. This is no module, so it says that "File …/needs-typescript-5.0-or-newer.d.ts is not a module".
// To mend it: npm install --save-dev typescript@latest
