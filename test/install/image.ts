import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { openContainers } from '../../scripts/containers.ts';
import { makeBase } from './base-image.ts';
import { repository, run } from './package.ts';

type Containers = Awaited<ReturnType<typeof openContainers>>;

export const podman = ['podman', '--runtime', 'crun', '--cgroup-manager', 'cgroupfs'];

/** Builds `connect-email` by the Dockerfile. `folder`: room for the base that is made for it. Sizes in bytes. */
export const buildImage = async (
  containers: Containers,
  folder: string,
): Promise<{ base: number; whole: number }> => {
  const { policy } = containers;
  const root = join(folder, 'root');
  await mkdir(root);
  await makeBase(root);
  const archive = join(folder, 'base.tar');
  await run('tar', ['-C', root, '-cf', archive, '.'], { cwd: folder });
  await containers.run(...podman, 'import', '--signature-policy', policy, archive, 'localhost/base');
  const { stdout: cache } = await run('npm', ['config', 'get', 'cache'], { cwd: folder });
  await containers.run(
    ...['buildah', 'build', '--format', 'docker', '--isolation', 'chroot', '--layers=false', '--pull-never'],
    ...['--signature-policy', policy, '--build-arg', 'BASE=localhost/base'],
    ...['--volume', `${cache.trim()}:/root/.npm`, '--tag', 'connect-email', repository],
  );
  const sizes = ['localhost/base', 'localhost/connect-email'].map(async (image) =>
    Number(await containers.run(...podman, 'image', 'inspect', '--format', '{{.Size}}', image)),
  );
  const [base = 0, whole = 0] = await Promise.all(sizes);
  return { base, whole };
};
