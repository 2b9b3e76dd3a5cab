# connect-email as an image: docs/operations.md says how to build and run it.
# BASE is any Linux image with Node 24 or later and npm.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS install
WORKDIR /opt/connect-email
COPY package.json package-lock.json .npmrc ./
# Nothing that is needed is optional or has to be built, so no script of a package is run.
RUN npm ci --omit=dev --omit=optional --ignore-scripts
COPY . .
# Compiled code is found again by the user for whom it was compiled.
RUN mkdir -p node_modules/.cache/node && chown 10001:10001 node_modules/.cache/node
USER 10001:10001
RUN NODE_COMPILE_CACHE=/opt/connect-email/node_modules/.cache/node node scripts/warm.mjs

FROM ${BASE}
WORKDIR /opt/connect-email
COPY --from=install /opt/connect-email ./
RUN mkdir -m 700 /data && chown 10001:10001 /data \
 && mkdir -p /usr/local/bin && ln -s /opt/connect-email/bin/connect-email.cjs /usr/local/bin/connect-email
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/opt/connect-email/node_modules/.cache/node \
    HOST=0.0.0.0 \
    PORT=3978 \
    DATA_DIR=/data
USER 10001:10001
VOLUME ["/data"]
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and gets SIGTERM itself; the bot ends within nine seconds of it.
ENTRYPOINT ["connect-email"]
CMD ["start"]
