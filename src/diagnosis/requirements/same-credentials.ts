import { requirement } from '../requirement.ts';

/** As stated in the form; whether one pair of credentials is accepted by both servers, only a login test shows. */
export const sameCredentials = requirement('same-credentials', {
  scope: 'account',
  step: 'login',
  judge: ({ account }, say) =>
    account.smtpLogin === 'different' ? say.because('stated-different', {}) : say.pass(),
});
