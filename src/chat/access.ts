/** What a platform says of the bot's access to it, for whoever installs the bot. Codes are the platform's own. */
export type AccessReport = {
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
