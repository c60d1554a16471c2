# StoryWeave in one image: the server with its production dependencies, and the web application, built.
#   docker build -t storyweave .
#   docker run -p 8080:8080 -v storyweave:/data -e PUBLIC_URL=http://localhost:8080 storyweave
# Its words are those of `storyweave`: `serve` where none are given; `docker run … storyweave migrate` brings tables
# up to date. Everything it writes is below /data and /tmp: the root may be read-only.

ARG NODE=node:26-slim

# What npm needs to know of the workspace; changes seldom, so that the layers below are kept.
FROM ${NODE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/bench/package.json packages/bench/
COPY packages/client/package.json packages/client/
COPY packages/e2e/package.json packages/e2e/
COPY packages/prose/package.json packages/prose/
COPY packages/protocol/package.json packages/protocol/
COPY packages/react/package.json packages/react/
COPY packages/server/package.json packages/server/
COPY packages/web/package.json packages/web/

FROM manifests AS web
RUN npm ci --workspace=packages/web --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY packages/protocol packages/protocol
COPY packages/prose packages/prose
COPY packages/client packages/client
COPY packages/react packages/react
COPY packages/web packages/web
RUN npm run build --workspace=packages/web

FROM manifests AS dependencies
RUN npm ci --workspace=packages/server --omit=dev --ignore-scripts --no-audit --no-fund
# Better Auth names test runners, a bundler and a DOM as peers that it can do without, and npm installs them (70 MB).
RUN rm -rf node_modules/@vitest node_modules/vitest node_modules/vite node_modules/rolldown node_modules/@rolldown \
  node_modules/happy-dom node_modules/lightningcss node_modules/lightningcss-*

FROM ${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/packages/server/node_modules packages/server/node_modules
COPY packages/protocol packages/protocol
COPY packages/prose packages/prose
COPY packages/server packages/server
COPY --from=web /app/packages/web/dist packages/web/dist
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 8080
# Whether the process answers. Whether it can serve is /readyz, which is for load balancers: a server whose database is
# away must not be restarted for that.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between: SIGTERM reaches the server, which says goodbye and writes what is left.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/packages/server/src/cli/storyweave.ts"]
CMD ["serve"]
