import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import { proposalBlocks } from '../wording/messages/discovery.ts';
import type { DiscoverCommand } from './command.ts';
import { printable } from './json.ts';
import { renderBlocks } from './render.ts';
import { partsOf, proposalFor, type Terminal } from './surroundings.ts';

const shown = (endpoint: Endpoint | null) =>
  endpoint && { host: endpoint.host, port: endpoint.port, encryption: endpoint.encryption };

const toJson = (address: string, { provider, source, imap, smtp, username, hints }: Proposal) => ({
  address,
  provider: provider?.id ?? null,
  source,
  native: (provider?.native ?? null) !== null,
  imap: shown(imap),
  smtp: shown(smtp),
  username,
  hints,
});

/** Runs `discover` and prints what was found. Returns the exit status. @throws UnreadableAuthorities */
export const discover = async (command: DiscoverCommand, terminal: Terminal): Promise<number> => {
  const { address, json } = command;
  const { locale, colour, output } = terminal;
  const proposal = await proposalFor(address, await partsOf(command, terminal));
  const paper = { width: Math.min(output.columns || 80, 100), colour: colour && output.isTTY };
  output.write(
    json
      ? `${printable(toJson(address, proposal))}\n`
      : `${renderBlocks(proposalBlocks(proposal, address, locale), paper)}\n`,
  );
  return proposal.source === null ? 3 : 0;
};
