/** Runs before each test file. */
import { registerHooks } from './afterwards.ts';

registerHooks();
