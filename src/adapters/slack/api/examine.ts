import type { AccessReport } from '../../../chat/access.ts';
import { findCode } from '../../../lib/error-code.ts';
import { isWrongToken, slackErrorOf } from '../errors.ts';
import { isShared } from './it-channel.ts';
import { createWeb, type Web } from './sdk.ts';

export type SlackExamined = {
  token: string;
  apiUrl: string | undefined;
  /** Socket Mode only. */
  appToken: string | null;
  itChannel: string | undefined;
};

/** What the bot asks Slack for; the same list as in manifests/slack. */
export const scopes = [
  'commands',
  'chat:write',
  'im:write',
  'im:history',
  'channels:history',
  'groups:history',
  'app_mentions:read',
  'channels:read',
  'groups:read',
  'users:read',
  'users:read.email',
] as const;

const failed = (error: unknown): AccessReport['access'] => {
  const refusal = slackErrorOf(error);
  if (refusal !== null) return { found: 'refused', code: refusal };
  return { found: 'not-reached', code: findCode(error) ?? 'failed' };
};

type Access = Pick<AccessReport, 'access' | 'notes'>;

const accessOf = async (web: Web, { appToken, apiUrl }: SlackExamined): Promise<Access> => {
  try {
    const { response_metadata: more, is_enterprise_install: isOfOrganisation } = await web.now.auth.test();
    const notes: AccessReport['notes'] = isOfOrganisation ? ['organisation-install'] : [];
    const granted = more?.scopes;
    const missing = granted ? scopes.filter((scope) => !granted.includes(scope)) : [];
    if (missing.length > 0) return { access: { found: 'scopes-missing', scopes: missing }, notes };
    // Opens nothing yet: Slack names an address to which we would connect.
    if (appToken !== null) await createWeb({ token: appToken, apiUrl }).now.apps.connections.open({});
    return { access: { found: 'accepted' }, notes };
  } catch (error) {
    return { access: failed(error) };
  }
};

const channelOf = async (web: Web, channel: string | undefined): Promise<AccessReport['itChannel']> => {
  if (channel === undefined) return { found: 'not-set' };
  try {
    const { channel: found } = await web.now.conversations.info({ channel });
    if (found?.is_archived) return { found: 'archived' };
    if (found?.is_member === false) return { found: 'not-member', code: 'not_in_channel' };
    return { found: isShared(found) ? 'shared-with-others' : 'member' };
  } catch (error) {
    const refusal = slackErrorOf(error);
    // What is wrong with the token or its scopes says nothing about the channel.
    if (refusal === null || refusal === 'missing_scope' || isWrongToken(error)) return { found: 'not-known' };
    return { found: 'not-member', code: refusal };
  }
};

/** Whether Slack takes our tokens, and whether the bot is where cases are handed over. Changes nothing there. */
export const examineSlack = async (of: SlackExamined): Promise<AccessReport> => {
  const web = createWeb(of);
  const [access, itChannel] = await Promise.all([accessOf(web, of), channelOf(web, of.itChannel)]);
  return { ...access, itChannel };
};
