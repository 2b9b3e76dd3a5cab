import { speaksOwnProtocol } from '../../observed/seen.ts';
import { isCourier } from '../../observed/software.ts';
import { requirement } from '../../requirement.ts';

/** Courier greets with its name. A proxy in front of it hides that, so a pass says only what the server calls itself. */
export const courierImap = requirement('courier-imap', {
  scope: ['imap'],
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2024'],
  judge: (seen, say) => {
    if (seen.greeting?.outcome !== 'spoken' || !speaksOwnProtocol(seen, seen.greeting.spoken)) return null;
    const { text } = seen.greeting.spoken;
    return isCourier(text) ? say.because('courier', { banner: text }) : say.pass();
  },
});
