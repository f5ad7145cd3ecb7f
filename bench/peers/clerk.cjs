// The JS SDK, and a client of it for CLERK_SECRET_KEY and CLERK_API_URL.
const path = require('node:path');

const load = () => import(path.join(process.env.NODE_PATH, '@clerk/backend/dist/index.mjs'));

async function connect() {
  const { createClerkClient } = await load();
  return createClerkClient({
    secretKey: process.env.CLERK_SECRET_KEY,
    apiUrl: process.env.CLERK_API_URL,
    telemetry: { disabled: true },
  });
}

module.exports = { load, connect };
