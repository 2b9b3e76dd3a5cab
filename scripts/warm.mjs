// Loads the product once after the installation, so that the compile cache is filled and the first start is as fast
// as every other. Plain JavaScript: on an old Node it does nothing, and the version guard speaks up later.
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('../src/app.ts');
  await import('../src/cli/check.ts');
}
