import { requirement } from '../requirement.ts';
import { speaksOwnProtocol } from '../seen.ts';

/** Courier's own sentence and no host name that happens to hold the word. */
const courier = /\bCourier-IMAP(?: server)? ready\b|Double Precision, Inc/iu;

/** Courier greets with its name. A proxy in front of it hides that, so a pass says only what the server calls itself. */
export const courierImap = requirement('courier-imap', {
  scope: ['imap'],
  step: 'connect',
  judge: (seen, say) => {
    if (seen.greeting?.outcome !== 'spoken' || !speaksOwnProtocol(seen, seen.greeting.spoken)) return null;
    const { text } = seen.greeting.spoken;
    return courier.test(text) ? say.because('courier', { banner: text }) : say.pass();
  },
});
