/** What compose.yaml and docs/kubernetes.yaml ask of the image and of the settings is there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { readConfig, settingNames } from '../../src/config/index.ts';
import { repository } from './package.ts';

const read = (...path: readonly string[]): Promise<string> => readFile(join(repository, ...path), 'utf8');

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')));
const dockerfile = await read('Dockerfile');
const [, user = ''] = /^USER (\d+):\d+$/mu.exec(dockerfile.slice(dockerfile.lastIndexOf('FROM'))) ?? [];

const compose = z.object({
  services: z.object({
    'connect-email': z.looseObject({
      image: z.string(),
      environment: z.record(z.string(), z.string()),
      read_only: z.literal(true),
      stop_grace_period: z.string(),
      depends_on: z.object({ postgres: z.object({ condition: z.literal('service_healthy') }) }),
    }),
    postgres: z.looseObject({
      environment: z.record(z.string(), z.string()),
      healthcheck: z.looseObject({ test: z.array(z.string()) }),
      volumes: z.array(z.string()).min(1),
    }),
  }),
});

const probe = z.looseObject({ httpGet: z.object({ path: z.string(), port: z.literal('http') }) });
const secret = z.looseObject({ kind: z.literal('Secret'), stringData: z.record(z.string(), z.string()) });
const container = z.looseObject({
  image: z.string(),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  ports: z.array(z.object({ name: z.literal('http'), containerPort: z.literal(3978) })),
  livenessProbe: probe,
  readinessProbe: probe,
  resources: z.object({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  securityContext: z.looseObject({ readOnlyRootFilesystem: z.literal(true) }),
});
const deployment = z.looseObject({
  kind: z.literal('Deployment'),
  spec: z.looseObject({
    replicas: z.literal(2),
    template: z.looseObject({
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number().min(10),
        securityContext: z.looseObject({ runAsNonRoot: z.literal(true), runAsUser: z.number() }),
        containers: z.tuple([container]),
      }),
    }),
  }),
});

test('the bot of the compose file finds its database, and its settings are ones that there are', async () => {
  const { services } = compose.parse(parse(await read('compose.yaml')));
  const { environment, image } = services['connect-email'];
  expect(image).toBe(`connect-email:${version}`);
  expect(Object.keys(environment).filter((name) => !settingNames.includes(name))).toEqual([]);
  const database = new URL((environment.DATABASE_URL ?? '').replaceAll(/\$\{[^}]+\}/gu, 'geheim'));
  const { POSTGRES_DB, POSTGRES_USER } = services.postgres.environment;
  expect([database.hostname, database.username, database.pathname]).toEqual([
    'postgres',
    POSTGRES_USER,
    `/${POSTGRES_DB}`,
  ]);
});

test('the manifest for Kubernetes runs the image as it is made, on settings that would start it', async () => {
  const documents = parseAllDocuments(await read('docs', 'kubernetes.yaml'));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const parts: unknown[] = documents.map((one) => one.toJS());
  const { stringData } = secret.parse(parts[0]);
  const { spec } = deployment.parse(parts[1]).spec.template;
  const [bot] = spec.containers;
  expect(bot.image).toMatch(new RegExp(`/connect-email:${version}$`, 'u'));
  expect(String(spec.securityContext.runAsUser)).toBe(user);
  expect([bot.livenessProbe.httpGet.path, bot.readinessProbe.httpGet.path]).toEqual(['/healthz', '/readyz']);
  const given = { ...stringData, ...Object.fromEntries(bot.env.map(({ name, value }) => [name, value])) };
  expect(Object.keys(given).filter((name) => !settingNames.includes(name))).toEqual([]);
  // The tokens are for the operator to put in; everything else counts as it stands.
  const tokens = { SLACK_BOT_TOKEN: 'xoxb-1-2-abc', SLACK_APP_TOKEN: 'xapp-1-A1-2-abc' };
  expect(readConfig({ ...given, ...tokens, HOST: '0.0.0.0' })).toMatchObject({
    SLACK_IT_CHANNEL: 'C0123456789',
    PUBLIC_URL: expect.stringContaining('https://'),
  });
});
