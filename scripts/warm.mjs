// Loads the product once after the installation, so that the compile cache is filled and the first start is as fast
// as every other. Plain JavaScript: on an old Node it does nothing, and the version guard speaks up later.
if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import('../src/app.ts');
  await import('../src/cli/check.ts');
  // What is loaded only where it is configured or asked for.
  await Promise.all([
    import('../src/adapters/slack/index.ts'),
    import('../src/adapters/teams/index.ts'),
    import('../src/adapters/teams/api/sdk/index.ts'),
    import('../src/store/engine/postgres.ts'),
    import('../src/cli/doctor.ts'),
    import('../src/bot/login/door.ts'),
    import('../src/look.ts'),
    import('../src/login-door.ts'),
    import('../src/telemetry/figures.ts'),
    import('../src/web/login/index.ts'),
    import('../src/cli/paper.ts'),
    import('../src/adapters/preview/index.ts'),
    import('../src/discovery/kinship.ts'),
    import('../src/discovery/discover.ts'),
    import('../src/probe/login/login.ts'),
    import('../src/mailbox/login/imapflow.ts'),
    import('../src/mailbox/login/nodemailer.ts'),
    import('../src/mailbox/rehearsal.ts'),
  ]);
  await Promise.all([import('fast-xml-parser'), import('tldts')]);
}
