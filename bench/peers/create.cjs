// Creates users through the JS SDK with so many requests in flight. On a 429 it waits for ten seconds and tries again, at most five times,
// as Clerk's migration tool does. Prints how many were lost.
const { connect } = require('./clerk.cjs');

const [count, flight] = process.argv.slice(2).map(Number);
const TRIES = 6;

async function main() {
  const clerk = await connect();
  let next = 0;
  let lost = 0;
  async function create(number) {
    for (let tried = 1; tried <= TRIES; tried += 1) {
      try {
        await clerk.users.createUser({ emailAddress: [`js${number}@example.com`], skipPasswordRequirement: true });
        return;
      } catch (error) {
        if (error.status !== 429) break;
        await new Promise((resolve) => { setTimeout(resolve, 10_000); });
      }
    }
    lost += 1;
  }
  async function worker() {
    while (next < count) {
      next += 1;
      await create(next);
    }
  }
  await Promise.all(Array.from({ length: flight }, worker));
  console.log(JSON.stringify({ lost }));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
