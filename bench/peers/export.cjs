// Exports all users and all memberships with the JS SDK, as its users do: page after page by offset, a line of JSON for each object.
// Usage: export.cjs FILE, with CLERK_SECRET_KEY and CLERK_API_URL set.
const fs = require('node:fs');
const { connect } = require('./clerk.cjs');

async function main() {
  const clerk = await connect();
  const file = fs.openSync(process.argv[2], 'w');
  const lists = [
    (page) => clerk.users.getUserList(page),
    (page) => clerk.organizations.getInstanceOrganizationMembershipList(page),
  ];
  for (const list of lists) {
    for (let offset = 0; ; offset += 500) {
      const { data } = await list({ limit: 500, offset, orderBy: '+created_at' });
      fs.writeSync(file, data.map((object) => JSON.stringify(object.raw ?? object) + '\n').join(''));
      if (data.length < 500) break;
    }
  }
  fs.closeSync(file);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
