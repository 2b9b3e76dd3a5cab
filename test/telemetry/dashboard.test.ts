/** The dashboard for Grafana asks for figures that there are, in the language of Prometheus. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { loopback, startProduct } from '../journeys/product.ts';
import { scope } from '../mail-servers/index.ts';
import { judge } from './promtool.ts';

const own = scope();
afterAll(() => own.stop());

const dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({
      id: z.number(),
      title: z.string().min(1),
      description: z.string().min(1),
      targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
});

let queries: { title: string; expr: string }[] = [];
let families: string[] = [];
beforeAll(async () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'grafana.json');
  const { panels } = dashboard.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  queries = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
  const bot = await own.start(startProduct({ ...loopback, DATA_DIR: await own.folder() }));
  const figures = await (await fetch(`${bot.url}/metrics`)).text();
  families = [...figures.matchAll(/^# TYPE (\S+) /gmu)].map(([, name = '']) => name);
});

const named = (): string[] =>
  queries.flatMap(({ expr }) =>
    [...expr.matchAll(/\b(?:connect_email|process|nodejs)_\w+/gu)].map(([name]) =>
      name.replace(/_bucket$/u, ''),
    ),
  );

test('every figure that it asks for is there, and every one of ours is asked for', () => {
  expect(named().filter((name) => !families.includes(name))).toEqual([]);
  const ours = families.filter((name) => name.startsWith('connect_email_'));
  expect(ours.length).toBeGreaterThan(8);
  expect(ours.filter((name) => !named().includes(name))).toEqual([]);
});

test('every question is one that Prometheus can answer', async () => {
  const file = join(await own.folder(), 'questions.yml');
  // Grafana puts in these before it asks.
  const asked = queries.map(({ expr }, index) => ({
    record: `question:${index}`,
    expr: expr.replaceAll(/\$__(?:rate_interval|range)/gu, '5m').replaceAll(/\$(?:job|instance)/gu, '.*'),
  }));
  // JSON is YAML, too.
  await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: asked }] }));
  const { code, said } = await judge(['check', 'rules', file]);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('SUCCESS') });
});
