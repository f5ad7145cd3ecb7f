// Changes the users whose ids come on stdin through the JS SDK, one after the other, until it fails.
const fs = require('node:fs');
const path = require('node:path');

async function main() {
  const { createClerkClient } = await import(path.join(process.env.NODE_PATH, '@clerk/backend/dist/index.mjs'));
  const clerk = createClerkClient({
    secretKey: process.env.CLERK_SECRET_KEY,
    apiUrl: process.env.CLERK_API_URL,
    telemetry: { disabled: true },
  });
  for (const id of fs.readFileSync(0, 'utf8').trim().split('\n')) {
    await clerk.users.updateUserMetadata(id, { publicMetadata: { by: process.argv[2] } });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
