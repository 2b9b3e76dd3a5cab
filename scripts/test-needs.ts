/** What tests need besides Node: packages of Debian, and what a machine must allow. */
import { unpackedPackages } from './unpacked-packages.ts';

const proxies: readonly string[] = ['nginx', 'caddy', 'haproxy'];
const ofContainers: readonly string[] = ['buildah', 'podman', 'crun', 'busybox-static'];
const ofMail = unpackedPackages.filter(
  (name) => name === 'haproxy' || ![...proxies, ...ofContainers].includes(name),
);
/** Not a package: what a machine must allow before it can run a container. */
export const containers = 'mounts of its own';

/** Tests that cannot run without these Debian packages. */
export const needs: readonly { packages: readonly string[]; tests: readonly string[] }[] = [
  {
    packages: ['openssl', 'dovecot-imapd', 'postfix', 'dnsmasq-base'],
    tests: [
      'test/mail-servers/mail-servers.test.ts',
      'test/mail-servers/**',
      'test/journeys/**',
      'test/crash/test-mail.test.ts',
      'test/diagnosis/{fairness,traits}.test.ts',
      'test/discovery/**',
      'test/doctor/**',
      'test/install/**',
      'test/net/**',
      'test/probe/**',
      'test/threads/**',
    ],
  },
  {
    packages: ['postgresql'],
    tests: [
      'test/store/**',
      'test/crash/**',
      'test/journeys/{doctor,operation,operator,slack-outage,store-signals,teams-outage}.test.ts',
    ],
  },
  {
    packages: ['openssl', 'dovecot-imapd', 'postfix', ...ofMail],
    tests: ['test/matrix/**'],
  },
  { packages: ['openssl', 'libnss-wrapper', ...proxies], tests: ['test/proxies/**'] },
  { packages: [...ofContainers, containers], tests: ['test/install/image.test.ts'] },
  {
    packages: ['chromium-headless-shell', 'fonts-noto-color-emoji'],
    tests: [
      'test/adapters/preview-page*.test.ts',
      'test/journeys/preview*.test.ts',
      'test/journeys/{libraries,login-page,stories,teams-cards,test-mail}.test.ts',
      'test/web/login-page*.test.ts',
      'test/crash/test-mail.test.ts',
    ],
  },
];
