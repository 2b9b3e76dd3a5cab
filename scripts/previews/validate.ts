import { examineBlocks } from '../../src/adapters/slack/api/blocks/examine.ts';
import { adoptEnvironment } from '../../src/config/env/file.ts';
import { settingNames, tryConfig } from '../../src/config/index.ts';
import { everyPreview } from './payloads.ts';

/**
 * Asks Slack whether it would take all that is said there, with the token of the environment or of `.env`. Gives the exit
 * status: 0 it would, 1 it would not or could not be asked, 2 there is no token.
 */
export const validate = async (): Promise<number> => {
  await adoptEnvironment(settingNames);
  const read = tryConfig(process.env);
  if (!read.ok) {
    console.error(read.problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    return 2;
  }
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = read.config;
  if (token === undefined) {
    console.error('expected SLACK_BOT_TOKEN, in .env or in the environment, to ask Slack with');
    return 2;
  }
  const report = await examineBlocks({ token, apiUrl }, everyPreview());
  if (report.found === 'valid') console.log(`Slack takes all ${report.count} of them`);
  else if (report.found === 'invalid') for (const fault of report.faults) console.error(fault);
  else console.error(`Slack could not be asked: ${report.code}`);
  return report.found === 'valid' ? 0 : 1;
};
