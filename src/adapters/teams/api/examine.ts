import { z } from 'zod';
import type { AccessReport } from '../../../chat/access.ts';
import type { AdapterMemory } from '../../../chat/port.ts';
import { findCode } from '../../../lib/error-code.ts';
import { openItChannel } from './it-channel.ts';
import { createServes } from './origin.ts';

export type TeamsExamined = {
  app: { id: string; password: string | null; tenantId: string | null } | null;
  /** A local issuer stands in for Microsoft, so nothing is asked of it. */
  openIdMetadataUrl: string | null;
  itChannel: string | null;
  /** Null: the store does not answer. */
  memory: AdapterMemory | null;
  /** Whether the last case arrived there; null: none has been handed over, or nobody knows. */
  lastReached: boolean | null;
  /** For tests: another place than Microsoft's. */
  loginUrl?: string;
};

const patienceMs = 5000;
const microsoft = 'https://login.microsoftonline.com';
/** Of an app that serves several tenants; its tokens come from this one. */
const commonTenant = 'botframework.com';

/** RFC 6749 §5.2, with Microsoft's numbers (AADSTS…). */
const refusal = z.object({ error: z.string(), error_codes: z.array(z.number()).optional().catch(undefined) });

/** Asks for the token with which the bot would speak, and throws it away. */
const accessOf = async ({ app, openIdMetadataUrl, loginUrl = microsoft }: TeamsExamined) => {
  if (!app || openIdMetadataUrl !== null) return { found: 'anonymous' } as const;
  try {
    const response = await fetch(
      `${loginUrl}/${encodeURIComponent(app.tenantId ?? commonTenant)}/oauth2/v2.0/token`,
      {
        method: 'POST',
        signal: AbortSignal.timeout(patienceMs),
        redirect: 'error',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: app.id,
          client_secret: app.password ?? '',
          scope: 'https://api.botframework.com/.default',
        }),
      },
    );
    if (response.ok) return { found: 'accepted' } as const;
    const told = refusal.safeParse(await response.json().catch(() => null)).data;
    if (!told || response.status >= 500)
      return { found: 'not-reached', code: String(response.status) } as const;
    const [number] = told.error_codes ?? [];
    return { found: 'refused', code: number === undefined ? told.error : `AADSTS${number}` } as const;
  } catch (error) {
    return { found: 'not-reached', code: findCode(error) ?? 'ETIMEDOUT' } as const;
  }
};

/** Teams tells only with a message whether the bot may write somewhere, and the doctor writes none. */
const channelOf = async (of: TeamsExamined): Promise<AccessReport['itChannel']> => {
  if (of.memory === null) return { found: 'not-known' };
  const channel = await openItChannel(of.memory, of.itChannel, createServes(of));
  if (channel.id() === null) return { found: 'not-installed' };
  const end = await channel.ended();
  if (end !== null) return { found: end };
  if (of.lastReached === null) return { found: 'not-known' };
  return { found: of.lastReached ? 'member' : 'last-not-reached' };
};

export const examineTeams = async (of: TeamsExamined): Promise<AccessReport> => {
  const [access, itChannel] = await Promise.all([accessOf(of), channelOf(of)]);
  // Microsoft has made no new bots for several tenants since August 2025; whoever has one may keep it.
  const isOfSeveral = of.app !== null && of.app.tenantId === null && of.openIdMetadataUrl === null;
  return { access, itChannel, notes: isOfSeveral ? ['several-tenants'] : [] };
};
