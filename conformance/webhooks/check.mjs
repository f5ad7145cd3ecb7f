// Has a local Clerk tell a real endpoint of everything that happens, and verifies each request with the official
// libraries: `svix`, and `verifyWebhook` of `@clerk/backend`.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createClerkClient } from "@clerk/backend";
import { verifyWebhook } from "@clerk/backend/webhooks";
import { Webhook } from "svix";

const url = process.env.CLERK_LOCAL_URL;
const token = process.env.CLERK_LOCAL_CONTROL_TOKEN;
const clerk = createClerkClient({ secretKey: process.env.CLERK_SECRET_KEY, apiUrl: url });

const received = [];
let arrived = () => {};
// The first request is refused, so that one is an attempt that was made again.
let refusals = 1;
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  response.statusCode = refusals-- > 0 ? 500 : 204;
  response.end();
  received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), status: response.statusCode });
  arrived();
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const endpoint = `http://127.0.0.1:${server.address().port}/webhooks`;

async function control(method, path, body) {
  const response = await fetch(`${url}/local/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

// For what the official library has no method.
async function api(method, path, body) {
  const response = await fetch(`${url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${process.env.CLERK_SECRET_KEY}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

async function until(count) {
  const late = Date.now() + 20_000;
  while (received.length < count) {
    assert.ok(Date.now() < late, `only ${received.length} of ${count} came`);
    await Promise.race([
      new Promise((resolve) => (arrived = resolve)),
      new Promise((resolve) => setTimeout(resolve, 1_000)),
    ]);
  }
}

const { secret } = await control("POST", "/webhooks", { url: endpoint });

const user = await clerk.users.createUser({ emailAddress: ["ada@example.com"], externalId: "7" });
await clerk.users.updateUser(user.id, { firstName: "Ada" });
const organization = await clerk.organizations.createOrganization({ name: "Acme", createdBy: user.id });
await clerk.organizations.updateOrganization(organization.id, { name: "Acme 2" });
const invite = (emailAddress) =>
  clerk.organizations.createOrganizationInvitation({
    organizationId: organization.id,
    inviterUserId: user.id,
    role: "org:member",
    emailAddress,
  });
await invite("bob@example.com");
const mails = await control("GET", "/mails?to=bob@example.com");
const ticket = new URL(mails.data[0].link).searchParams.get("ticket");
const accepted = await control("POST", `/tickets/${ticket}/accept`);
await clerk.organizations.updateOrganizationMembership({
  organizationId: organization.id,
  userId: accepted.user_id,
  role: "org:admin",
});
const refused = await invite("eve@example.com");
await clerk.organizations.revokeOrganizationInvitation({
  organizationId: organization.id,
  invitationId: refused.id,
  requestingUserId: user.id,
});
const organizationId = organization.id;
const domain = await clerk.organizations.createOrganizationDomain({ organizationId, name: "acme.example", enrollmentMode: "manual_invitation" });
await clerk.organizations.updateOrganizationDomain({ organizationId, domainId: domain.id, enrollmentMode: "automatic_invitation" });
await clerk.organizations.deleteOrganizationDomain({ organizationId, domainId: domain.id });
const role = await api("POST", "/organization_roles", { name: "Billing", key: "org:billing" });
await api("PATCH", `/organization_roles/${role.id}`, { name: "Bookkeeping" });
await api("DELETE", `/organization_roles/${role.id}`);
const permission = await api("POST", "/organization_permissions", { name: "Read bills", key: "org:bills:read" });
await api("PATCH", `/organization_permissions/${permission.id}`, { name: "See bills" });
await api("DELETE", `/organization_permissions/${permission.id}`);
const entry = await clerk.waitlistEntries.create({ emailAddress: "dan@example.com" });
await clerk.waitlistEntries.invite(entry.id);
const session = await clerk.sessions.createSession({ userId: user.id });
await clerk.sessions.revokeSession(session.id);
await clerk.organizations.deleteOrganizationMembership({ organizationId: organization.id, userId: accepted.user_id });
await clerk.organizations.deleteOrganization(organization.id);
await clerk.users.deleteUser(user.id);

const expected = [
  "email.created",
  "organization.created",
  "organization.deleted",
  "organization.updated",
  "organizationDomain.created",
  "organizationDomain.deleted",
  "organizationDomain.updated",
  "organizationInvitation.accepted",
  "organizationInvitation.created",
  "organizationInvitation.revoked",
  "organizationMembership.created",
  "organizationMembership.deleted",
  "organizationMembership.updated",
  "permission.created",
  "permission.deleted",
  "permission.updated",
  "role.created",
  "role.deleted",
  "role.updated",
  "session.created",
  "session.revoked",
  "user.created",
  "user.deleted",
  "user.updated",
  "waitlistEntry.created",
  "waitlistEntry.updated",
];
const { total_count: events } = await control("GET", "/events");
await until(events + 1);

const official = new Webhook(secret);
const types = new Set();
for (const { headers, body } of received) {
  // Throws unless the signature is good.
  official.verify(body, headers);
  const request = () => new Request(endpoint, { method: "POST", headers, body });
  const event = await verifyWebhook(request(), { signingSecret: secret });
  assert.deepEqual(event, JSON.parse(body));
  types.add(event.type);
  // A signature that anything passes proves nothing.
  assert.throws(() => official.verify(`${body} `, headers));
  assert.throws(() => official.verify(body, { ...headers, "svix-id": "msg_other" }));
  const other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  await assert.rejects(verifyWebhook(request(), { signingSecret: other }));
}
assert.deepEqual([...types].sort(), expected);

const ids = received.map(({ headers }) => headers["svix-id"]);
const again = ids.filter((id) => id === ids[0]);
assert.equal(received[0].status, 500);
assert.equal(again.length, 2, "what was refused comes once more under the same id");
assert.equal(new Set(ids).size, events);

console.log(`webhooks: ${received.length} requests of ${types.size} types verified by svix and @clerk/backend`);
server.close();
server.closeAllConnections();
