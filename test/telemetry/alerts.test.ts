/** The figures and the alerts that docs/operations.md promises, judged by Prometheus itself. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loopback, startProduct } from '../journeys/product.ts';
import { scope } from '../mail-servers/index.ts';
import { judge } from './promtool.ts';

const own = scope();
afterAll(() => own.stop());

/** A block of the documentation that begins with this word. */
const block = (first: string): string => {
  const blocks = documentation.split('```yaml\n').slice(1);
  return blocks.find((text) => text.startsWith(first))?.split('\n```')[0] ?? '';
};

let documentation = '';
let rules = '';
let rulesFile = '';
let figures = '';
beforeAll(async () => {
  documentation = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'operations.md'), 'utf8');
  rules = block('groups:');
  const folder = await own.folder();
  rulesFile = join(folder, 'rules.yml');
  await writeFile(rulesFile, rules);
  const product = await own.start(startProduct({ ...loopback, DATA_DIR: folder }));
  figures = await (await fetch(`${product.url}/metrics`)).text();
});

const families = (): string[] => [...figures.matchAll(/^# TYPE (\S+) /gmu)].map(([, name = '']) => name);

describe('figures', () => {
  test('are as Prometheus wants them', async () => {
    expect(families().length).toBeGreaterThan(20);
    expect(await judge(['check', 'metrics'], figures)).toEqual({ code: 0, said: '' });
  });

  test('are all documented, and all that are documented are there', () => {
    const mine = families().filter((name) => name.startsWith('connect_email_'));
    const table = documentation.slice(
      documentation.indexOf('| metric | what |'),
      documentation.indexOf('```yaml'),
    );
    const named = [...table.matchAll(/`(connect_email_|…_)(\w+)/gu)].map(
      ([, , rest]) => `connect_email_${rest}`,
    );
    expect(named.toSorted()).toEqual(mine.toSorted());
  });
});

/** Series a minute apart, in Prometheus' own short form, and what must be firing in the end. */
const outages: readonly {
  what: string;
  series: Record<string, string>;
  alert: string;
  labels: Record<string, string>;
}[] = [
  {
    what: 'the process is down',
    series: { 'up{job="connect-email"}': '1 1 0x10' },
    alert: 'ConnectEmailDown',
    labels: { job: 'connect-email' },
  },
  {
    what: 'nobody knows of the process any more',
    series: { 'up{job="other"}': '1x12' },
    alert: 'ConnectEmailDown',
    labels: { job: 'connect-email' },
  },
  {
    what: 'the store takes nothing',
    series: { connect_email_store_up: '1 1 0x10' },
    alert: 'ConnectEmailStoreNotWritable',
    labels: {},
  },
  {
    what: 'Slack is not heard',
    series: { 'connect_email_ready_part{part="slackSocket"}': '1 1 0x10' },
    alert: 'ConnectEmailNotHeard',
    labels: { part: 'slackSocket' },
  },
  {
    what: 'the IT channel is not reached',
    series: { 'connect_email_ready_part{part="it-channel"}': '1 1 0x10' },
    alert: 'ConnectEmailPartNotReady',
    labels: { part: 'it-channel' },
  },
  {
    what: 'the first request ever is refused for its signature',
    series: { 'connect_email_refused_requests_total{door="slack",reason="bad-signature"}': '0x8 1x4' },
    alert: 'ConnectEmailTurnedAway',
    labels: { door: 'slack', reason: 'bad-signature' },
  },
  {
    what: 'the first job ever is given up',
    series: { 'connect_email_jobs_given_up{kind="show"}': '0x70 1x4' },
    alert: 'ConnectEmailGivenUp',
    labels: { kind: 'show' },
  },
];

const lengthOf = (series: Record<string, string>): number => {
  const [values = ''] = Object.values(series);
  const points = values.split(' ').map((part) => Number(/x(\d+)$/u.exec(part)?.[1] ?? 0) + 1);
  return points.reduce((sum, one) => sum + one, 0) - 1;
};

/** JSON is YAML, too. */
const trial = ({ series, alert, labels }: (typeof outages)[number]): string =>
  JSON.stringify({
    rule_files: [rulesFile],
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [
          { eval_time: `${lengthOf(series)}m`, alertname: alert, exp_alerts: [{ exp_labels: labels }] },
        ],
      },
    ],
  });

test('the documented way to read them is one that Prometheus takes', async () => {
  const folder = await own.folder();
  const [token, file] = [join(folder, 'token'), join(folder, 'prometheus.yml')];
  await writeFile(token, 'x'.repeat(32));
  const config = block('scrape_configs:').replace(/(?<=credentials_file: )\S+/u, token);
  await writeFile(file, config);
  const { code, said } = await judge(['check', 'config', file]);
  expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('SUCCESS') });
  expect(config).toContain('job_name: connect-email');
});

describe('documented alerts', () => {
  test('are rules that Prometheus takes', async () => {
    const { code, said } = await judge(['check', 'rules', rulesFile]);
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringContaining('SUCCESS: 11 rules found'),
    });
  });

  test('speak of figures that there are', () => {
    const named = new Set(
      [...rules.matchAll(/\bconnect_email_\w+/gu)].map(([name]) => name.replace(/_bucket$/u, '')),
    );
    expect(named.size).toBeGreaterThan(6);
    expect([...named].filter((name) => !families().includes(name))).toEqual([]);
  });

  test.each(outages)('fire when $what', async (outage) => {
    const folder = await own.folder();
    const file = join(folder, 'trial.yml');
    await writeFile(file, trial(outage));
    const { code, said } = await judge(['test', 'rules', file]);
    expect(code, said).toBe(0);
  });
});
