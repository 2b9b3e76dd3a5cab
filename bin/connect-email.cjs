#!/usr/bin/env node
// Plain CommonJS that every Node can read: an old one is to say what it lacks, not where it stumbles.
'use strict';
const wanted = 24;
if (Number(process.versions.node.split('.')[0]) < wanted) {
  process.stderr.write(
    `connect-email needs Node ${wanted} or later and runs here on ${process.version}. ` +
      `"npm install node@${wanted}" beside it brings one along; see docs/operations.md.\n`,
  );
  // 0, 1 and 3 would be the result of a check.
  process.exit(2);
}

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

// Not in the folder for temporary files, where another user of the machine could have put something to be run.
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
enableCompileCache(process.env.NODE_COMPILE_CACHE || join(cache, 'connect-email'));
// Names are looked up in these threads, and a name server that does not answer holds one up for seconds.
process.env.UV_THREADPOOL_SIZE ??= '64';

const built = join(__dirname, '..', 'dist');
const [folder, extension] = existsSync(built) ? [built, 'js'] : [join(__dirname, '..', 'src'), 'ts'];
const isStart = process.argv[2] === 'start';
// The bot reads its own options only.
if (isStart) process.argv.splice(2, 1);
import(pathToFileURL(join(folder, isStart ? `main.${extension}` : `cli/index.${extension}`)).href);
