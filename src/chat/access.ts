/** What a platform says of the bot's access to it, for whoever installs the bot. Codes are the platform's own. */
/** What is as it may be, and yet had better be otherwise. Ids are permanent. */
export type AccessNote = 'several-tenants' | 'organisation-install';

export type AccessReport = {
  notes?: readonly AccessNote[];
  access: {
    /** `anonymous`: nobody signs in, so there is nothing to accept. */
    found: 'accepted' | 'anonymous' | 'refused' | 'scopes-missing' | 'not-reached';
    code?: string;
    scopes?: readonly string[];
  };
  itChannel: {
    /**
     * `not-installed`: the bot would learn its channel and has not yet; `not-known`: only a first message tells;
     * `shared-with-others`: the bot is in it, and so are people of other companies.
     */
    found:
      | 'not-set'
      | 'not-installed'
      | 'member'
      | 'shared-with-others'
      | 'not-member'
      | 'archived'
      | 'not-known'
      | 'last-not-reached'
      | 'channel-deleted'
      | 'team-deleted'
      | 'team-archived'
      | 'removed';
    code?: string;
  };
};

/** What a platform says of everything that can be sent there. `count`: how many payloads there were. */
export type BlocksReport = { count: number } & (
  | { found: 'valid' }
  /** This installation has no payloads to ask about. */
  | { found: 'checkout-only' }
  /** One line for each fault: which payload, where in it, and what the platform says. */
  | { found: 'invalid'; faults: readonly string[] }
  | { found: 'refused' | 'not-reached'; code: string }
);
