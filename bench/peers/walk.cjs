// Imports the JS SDK, and walks all users as its users do: page after page by offset.
const { load, connect } = require('./clerk.cjs');

async function main() {
  if (process.argv[2] === 'import') {
    await load();
    return;
  }
  const clerk = await connect();
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
