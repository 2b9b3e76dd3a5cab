/**
 * Compiles the product into dist/ for the package. The compiled tree stands where src/ stands, so that everything that
 * is found by its place (words, pages, package.json, the probes' thread) is found from there as well.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const cache = join(root, '.cache');

const sourceMap = z.looseObject({ sources: z.array(z.string()) });

/** The compiler names a source by its way from the place of compilation; a package has no such place. */
const relocate = async (folder: string, file: string): Promise<void> => {
  const path = join(folder, file);
  const map = sourceMap.parse(JSON.parse(await readFile(path, 'utf8')));
  const source = join('src', file.replace(/\.js\.map$/u, '.ts'));
  const sources = [relative(join('dist', file, '..'), source)];
  await writeFile(path, JSON.stringify({ ...map, sources }));
};

await rm(dist, { recursive: true, force: true });
if (!process.argv.includes('--clean')) {
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'build-'));
  try {
    await run(join(root, 'node_modules', '.bin', 'tsc'), [
      ...['-p', join(root, 'tsconfig.build.json'), '--outDir', staging],
    ]);
    const compiled = join(staging, 'src');
    const files = await readdir(compiled, { recursive: true });
    await Promise.all(files.filter((file) => file.endsWith('.map')).map((file) => relocate(compiled, file)));
    // Pages, styles and their scripts are sent as they are.
    await cp(join(root, 'src'), compiled, {
      recursive: true,
      filter: (path) => !/\.(?:ts|md)$/u.test(path),
    });
    await rename(compiled, dist);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
