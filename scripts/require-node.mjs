// Plain JavaScript on purpose: this file must run on the old Node it complains about.
const wanted = 24;
const [major] = process.versions.node.split('.').map(Number);
if (major < wanted) {
  process.stderr.write(
    `connect-email needs Node ${wanted} or later and runs here on ${process.version}. ` +
      '"npm ci" brings Node 24 along, unless packages for development (--omit=dev) or install scripts (--ignore-scripts) are left out.\n',
  );
  process.exit(1);
}
