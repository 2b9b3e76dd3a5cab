import type { Server } from 'node:http';

export type WebServerErrorCode = 'port-in-use' | 'port-not-permitted' | 'address-not-here' | 'not-listening';

/** The server cannot take its address; the message is fit for the operator's terminal. */
class WebServerError extends Error {
  readonly code: WebServerErrorCode;
  constructor(code: WebServerErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'WebServerError';
    this.code = code;
  }
}

const reasons: Readonly<Record<string, { code: WebServerErrorCode; because: string }>> = {
  EADDRINUSE: { code: 'port-in-use', because: 'another program uses this port; set PORT to a free one' },
  EACCES: { code: 'port-not-permitted', because: 'this user may not open this port; set PORT above 1023' },
  EADDRNOTAVAIL: { code: 'address-not-here', because: 'this machine does not have this address; set HOST' },
  ENOTFOUND: { code: 'address-not-here', because: 'this name leads to no address; set HOST' },
};

/** Resolves to the port in use. @throws WebServerError */
export const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const { code, because } = reasons[cause.code ?? ''] ?? {
        code: 'not-listening',
        because: cause.message,
      };
      reject(new WebServerError(code, `cannot listen on ${host} port ${port}: ${because}`, { cause }));
    };
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
