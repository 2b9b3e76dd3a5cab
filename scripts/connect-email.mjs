// The guard first, then the command, in one process: a second one would cost the terminal a quarter of its time.
import './require-node.mjs';

await import('../src/cli/index.ts');
