/** The side of Teams that bots talk to: conversations, activities, members. */
import express, { type Response } from 'express';
import { z } from 'zod';
import { startWebServer } from '../../../src/web/server.ts';
import { isTooDense } from '../../support/pace.ts';
import { faultsOf } from './cards.ts';

export type Posted = {
  id: string;
  conversation: string;
  card: unknown;
  summary: string;
  /** Every state that it had. */
  versions: unknown[];
  updatedAt: number[];
  deleted: boolean;
};
export type Member = {
  id: string;
  name: string;
  email: string;
  chat: string;
  locale: string;
  tenantId: string;
  /** What Teams calls her in the teams of this company; null: she is in none of them. */
  role: 'user' | 'guest' | null;
};

const sent = z.looseObject({
  type: z.literal('message'),
  summary: z.string().optional(),
  attachments: z.array(z.object({ contentType: z.string(), content: z.unknown() })).default([]),
});
const creation = z.looseObject({
  isGroup: z.boolean().optional(),
  activity: z.unknown().optional(),
  members: z.array(z.object({ id: z.string() })).optional(),
  channelData: z.looseObject({ channel: z.object({ id: z.string() }).optional() }).optional(),
});

const rates = [
  { count: 7, ms: 1000 },
  { count: 60, ms: 30_000 },
  { count: 1800, ms: 3_600_000 },
];
const cardBytes = 25 * 1024;

/** Whoever has the bot: people's chats and channels. */
export type World = { members: Map<string, Member>; installed: Set<string> };

export const startConnector = async (world: World) => {
  const posts: Posted[] = [];
  const faults: string[] = [];
  const tokens = new Set<string>();
  const times = new Map<string, number[]>();
  let refusals: { status: number; times: number; path: RegExp; retryAfter: number | null } | null = null;
  let count = 1_700_000_000_000;

  const newId = (): string => {
    count += 1;
    return String(count);
  };
  const refuse = (response: Response, status: number): void => {
    response.status(status).json({ error: { code: 'Refused', message: `refused with ${status}` } });
  };

  const tooFast = (conversation: string): boolean => {
    const now = Date.now();
    const all = [...(times.get(conversation) ?? []), now];
    times.set(conversation, all);
    return rates.some((rate) => all.filter((time) => time > now - rate.ms).length > rate.count);
  };

  /** Null: refused. */
  const accept = (response: Response, conversation: string, body: unknown): z.infer<typeof sent> | null => {
    const activity = sent.safeParse(body);
    if (!activity.success) {
      faults.push(`an activity that is none: ${activity.error.message}`);
      refuse(response, 400);
      return null;
    }
    if (Buffer.byteLength(JSON.stringify(body)) > cardBytes) {
      faults.push('413: larger than the budget');
      refuse(response, 413);
      return null;
    }
    if (tooFast(conversation)) {
      faults.push(`429: too many messages to ${conversation}`);
      refuse(response, 429);
      return null;
    }
    if (!activity.data.summary) faults.push('a message without summary');
    for (const { content } of activity.data.attachments) faults.push(...faultsOf(content));
    return activity.data;
  };

  const keep = (conversation: string, activity: z.infer<typeof sent>): string => {
    const id = newId();
    const card = activity.attachments[0]?.content ?? null;
    posts.push({
      id,
      conversation,
      card,
      summary: activity.summary ?? '',
      versions: [card],
      updatedAt: [],
      deleted: false,
    });
    return id;
  };

  const isInstalled = (conversation: string): boolean =>
    world.installed.has(conversation.split(';messageid=')[0] ?? '');

  const app = express.Router();
  app.use(express.json({ limit: '1mb' }));
  app.use((request, response, next) => {
    tokens.add(request.headers.authorization ?? '');
    if (refusals && refusals.times > 0 && refusals.path.test(`${request.method} ${request.path}`)) {
      refusals.times -= 1;
      if (refusals.retryAfter !== null) response.set('Retry-After', String(refusals.retryAfter));
      refuse(response, refusals.status);
    } else next();
  });
  app.post('/v3/conversations', (request, response) => {
    const { channelData, members, activity } = creation.parse(request.body);
    const channel = channelData?.channel?.id;
    if (channel === undefined) {
      const member = world.members.get(members?.[0]?.id ?? '');
      if (member && world.installed.has(member.chat)) response.status(201).json({ id: member.chat });
      else refuse(response, 403);
      return;
    }
    if (!isInstalled(channel)) return refuse(response, 403);
    const accepted = accept(response, channel, activity);
    if (!accepted) return;
    const id = keep('', accepted);
    const root = posts.at(-1);
    if (root) root.conversation = `${channel};messageid=${id}`;
    response.status(201).json({ id: `${channel};messageid=${id}`, activityId: id });
  });
  const add = (response: Response, id: string, body: unknown): void => {
    const accepted = isInstalled(id) ? accept(response, id, body) : null;
    if (accepted) response.status(201).json({ id: keep(id, accepted) });
    else if (!isInstalled(id)) refuse(response, 403);
  };
  app.post('/v3/conversations/:id/activities', (request, response) =>
    add(response, request.params.id, request.body),
  );
  app.post('/v3/conversations/:id/activities/:reply', (request, response) =>
    add(response, request.params.id, request.body),
  );
  app.put('/v3/conversations/:id/activities/:activity', (request, response) => {
    const { id, activity } = request.params;
    const post = posts.find((one) => one.id === activity && one.conversation === id);
    if (!post || post.deleted) return refuse(response, 404);
    const accepted = accept(response, id, request.body);
    if (!accepted) return;
    const now = Date.now();
    post.updatedAt.push(now);
    if (isTooDense(post.updatedAt, 1000)) faults.push(`updates of ${activity} more often than once a second`);
    post.card = accepted.attachments[0]?.content ?? null;
    post.summary = accepted.summary ?? '';
    post.versions.push(post.card);
    response.json({ id: activity });
  });
  app.delete('/v3/conversations/:id/activities/:activity', (request, response) => {
    const post = posts.find((one) => one.id === request.params.activity);
    if (post) post.deleted = true;
    response.json({});
  });
  const told = new Map<string, Partial<Member>>();
  const shown = (member: Member) => {
    const { id, name, email, tenantId, role } = { ...member, ...told.get(member.id) };
    return { id, name, email, userPrincipalName: email, tenantId, userRole: role };
  };
  app.get('/v3/conversations/:id/pagedmembers', (_request, response) => {
    response.json({ members: [...world.members.values()].map(shown) });
  });
  app.get('/v3/conversations/:id/members/:member', (request, response) => {
    const member = world.members.get(request.params.member);
    const isThere = member?.role !== null || member.chat === request.params.id;
    if (member && isThere) response.json(shown(member));
    else refuse(response, 404);
  });

  const web = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    routers: [app],
    health: async () => ({ ready: true, parts: {} }),
    onError: (error) => faults.push(`the connector failed: ${String(error)}`),
  });
  return {
    url: web.url,
    posts,
    faults,
    /** What came as Authorization. */
    tokens,
    newId,
    /** What it says of a member from now on. */
    tells: (id: string, changes: Partial<Pick<Member, 'tenantId' | 'role'>>): void => {
      told.set(id, changes);
    },
    /** Refuses the next requests whose method and path match. */
    refuse: (status: number, path: RegExp, often = 1, retryAfter: number | null = null): void => {
      refusals = { status, path, times: often, retryAfter };
    },
    stop: web.stop,
  };
};
