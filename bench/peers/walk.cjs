// Imports the JS SDK, and walks all users as its users do: page after page by offset.
const path = require('node:path');

async function main() {
  const { createClerkClient } = await import(path.join(process.env.NODE_PATH, '@clerk/backend/dist/index.mjs'));
  if (process.argv[2] === 'import') return;
  const clerk = createClerkClient({
    secretKey: process.env.CLERK_SECRET_KEY,
    apiUrl: process.env.CLERK_API_URL,
    telemetry: { disabled: true },
  });
  for (let offset = 0; ; offset += 500) {
    const { data } = await clerk.users.getUserList({ limit: 500, offset });
    process.stdout.write(data.map((user) => JSON.stringify(user.raw ?? user)).join('\n') + '\n');
    if (data.length < 500) return;
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
