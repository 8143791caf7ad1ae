# Compiled with everything, run with what it needs: no compiler, no tests, no PostgreSQL programs.
# Install scripts are off: the only ones that matter belong to the embedded PostgreSQL, which is left out.
FROM node:20.20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=optional
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY commands commands
COPY projections projections
RUN npx tsc -p tsconfig.build.json

FROM node:20.20-bookworm-slim AS dependencies
WORKDIR /dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:20.20-bookworm-slim
ENV NODE_ENV=production FOLIO_DATA=/var/lib/folio FOLIO_HOST=0.0.0.0 FOLIO_PORT=4180
RUN install -d -o node -g node -m 0700 /var/lib/folio
WORKDIR /app
COPY --from=dependencies /dependencies/node_modules node_modules
COPY --from=build /build/dist dist
COPY package.json ./
# Everything in /app belongs to root: whoever breaks in cannot change the program.
USER node
EXPOSE 4180
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.FOLIO_PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/src/cli/main.js"]
CMD ["start"]
