# The service as an image: docker build -t trueup . && docker run --rm trueup --help
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json tsconfig.json ./
COPY packages/core/package.json packages/core/
COPY packages/sandbox/package.json packages/sandbox/
COPY packages/service/package.json packages/service/
COPY packages/dashboard/package.json packages/dashboard/
COPY packages/sdk/package.json packages/sdk/
COPY examples/team-notes/package.json examples/team-notes/
COPY examples/reading-room/package.json examples/reading-room/
COPY test/react-18/package.json test/react-18/
COPY packages/service/bin packages/service/bin
RUN npm ci --ignore-scripts
COPY scripts scripts
COPY packages packages
RUN node scripts/build.mjs \
  && npm prune --omit=dev --ignore-scripts

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production \
  TRUEUP_HOME=/var/lib/trueup \
  TRUEUP_HOST=0.0.0.0
RUN groupadd --system --gid 10001 trueup \
  && useradd --system --uid 10001 --gid trueup --home-dir /var/lib/trueup trueup \
  && install --directory --owner=trueup --group=trueup --mode=0700 /var/lib/trueup
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/packages packages
USER trueup
VOLUME /var/lib/trueup
EXPOSE 7310
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.TRUEUP_PORT || 7310) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/packages/service/bin/trueup.mjs"]
CMD ["serve"]
