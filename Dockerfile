# Pinned by digest (docs/operations.md, "Packages and images", tells how to renew it). A mirror of the same image may replace it.
ARG NODE_IMAGE=node:26.8.1-slim@sha256:c0753125a3789977aefe869cbebccf70e3cfd7ea84ca48547458f02e4f1d7146
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./

# Compiles; nothing of it but dist/ goes further.
FROM packages AS build
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY config config
COPY src src
COPY views views
COPY assets assets
COPY docs/examples docs/examples
RUN npm run build && npm run sbom

FROM packages AS production-packages
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

# Everything on one machine, to try and to develop: docker compose up.
FROM packages AS sandbox
ENV NODE_ENV=development
RUN npm ci --no-audit --no-fund && install -d -o node -g node .data
COPY tsconfig.json ./
COPY config config
COPY src src
COPY views views
COPY assets assets
COPY docs/examples docs/examples
COPY sandbox sandbox
USER 1000:1000
EXPOSE 3000 3001 3002 3003 3100
CMD ["node", "sandbox/start.mjs"]

# The platform alone: compiled, without the sandbox and the tools of development. It writes no file, so run it with a
# read-only root file system, without capabilities. The number of the user `node` lets Kubernetes verify `runAsNonRoot`.
FROM packages AS production
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PROCESSES=cores
COPY --from=production-packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/sbom.cdx.json ./
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No npm in between: it is to get the signals.
CMD ["node", "dist/src/main.js"]
