// Speaks to `@clerk/backend` for the conformance run: one JSON request a line on stdin, one outcome a line on stdout.
import { openAsBlob, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createClerkClient, verifyToken } from '@clerk/backend';

const clients = new Map();

function client(secretKey) {
  if (!clients.has(secretKey)) {
    const apiUrl = process.env.CONFORMANCE_URL;
    clients.set(secretKey, createClerkClient({ secretKey, apiUrl, telemetry: { disabled: true } }));
  }
  return clients.get(secretKey);
}

// The SDK spells these in a way of its own.
const SPELLED = {
  primary_email_address_id: 'primaryEmailAddressID',
  primary_phone_number_id: 'primaryPhoneNumberID',
  primary_web3_wallet_id: 'primaryWeb3WalletID',
};
// What these hold belongs to the user; its keys are not the API's.
const AS_THEY_ARE = new Set(['claims', 'actor']);
const DATES = new Set(['created_at', 'legal_accepted_at']);

function camel(args) {
  const out = {};
  for (const [name, value] of Object.entries(args)) {
    const key = SPELLED[name] ?? name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
    out[key] = DATES.has(name) ? new Date(value) : value;
  }
  return out;
}

function snake(value) {
  if (Array.isArray(value)) return value.map(snake);
  if (value === null || typeof value !== 'object') return value;
  const out = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name.startsWith('_') || inner === undefined) continue;
    const key = name.replace(/[A-Z]/g, letter => '_' + letter.toLowerCase());
    out[key] = key.endsWith('_metadata') || AS_THEY_ARE.has(key) ? inner : snake(inner);
  }
  return out;
}

function without(args, ...names) {
  return Object.fromEntries(Object.entries(args).filter(([name]) => !names.includes(name)));
}

const file = async args => ({ ...camel(without(args, 'file')), file: await openAsBlob(args.file, { type: 'image/png' }) });

const byUser = method => (c, a) => c.users[method](a.user_id);
const withUser = method => (c, a) => c.users[method](a.user_id, camel(without(a, 'user_id')));
const whole = (group, method) => (c, a) => c[group][method](camel(a));
const byOrganization = method => (c, a) => c.organizations[method](a.organization_id);
const one = (group, method, id) => (c, a) => c[group][method](a[id]);
const withOne = (group, method, id) => (c, a) => c[group][method](a[id], camel(without(a, id)));
const bulk = (group, method) => (c, a) => c[group][method](a.items.map(camel));
const withOrganization = method => (c, a) =>
  c.organizations[method](a.organization_id, camel(without(a, 'organization_id')));

const OPERATIONS = {
  GetUserList: whole('users', 'getUserList'),
  CreateUser: whole('users', 'createUser'),
  GetUsersCount: async (c, a) => ({ total_count: await c.users.getCount(camel(a)) }),
  GetUser: byUser('getUser'),
  UpdateUser: withUser('updateUser'),
  DeleteUser: byUser('deleteUser'),
  UpdateUserMetadata: withUser('updateUserMetadata'),
  ReplaceUserMetadata: withUser('replaceUserMetadata'),
  BanUser: byUser('banUser'),
  UnbanUser: byUser('unbanUser'),
  LockUser: byUser('lockUser'),
  UnlockUser: byUser('unlockUser'),
  SetUserProfileImage: async (c, a) => c.users.updateUserProfileImage(a.user_id, await file(without(a, 'user_id'))),
  DeleteUserProfileImage: byUser('deleteUserProfileImage'),
  UsersGetOrganizationMemberships: whole('users', 'getOrganizationMembershipList'),
  UsersGetOrganizationInvitations: whole('users', 'getOrganizationInvitationList'),
  GetOAuthAccessToken: (c, a) => c.users.getUserOauthAccessToken(a.user_id, a.provider.replace(/^oauth_/, '')),
  RemoveUserPassword: withUser('removePassword'),
  SetUserPasswordCompromised: withUser('setPasswordCompromised'),
  UnsetUserPasswordCompromised: byUser('unsetPasswordCompromised'),
  VerifyPassword: whole('users', 'verifyPassword'),
  VerifyTOTP: whole('users', 'verifyTOTP'),
  DisableMFA: byUser('disableUserMFA'),
  DeleteBackupCode: byUser('deleteUserBackupCodes'),
  DeleteTOTP: byUser('deleteUserTOTP'),
  UserPasskeyDelete: whole('users', 'deleteUserPasskey'),
  UserWeb3WalletDelete: whole('users', 'deleteUserWeb3Wallet'),
  DeleteExternalAccount: whole('users', 'deleteUserExternalAccount'),
  GetUserBillingSubscription: (c, a) => c.billing.getUserBillingSubscription(a.user_id),
  ListOrganizations: whole('organizations', 'getOrganizationList'),
  CreateOrganization: whole('organizations', 'createOrganization'),
  GetOrganization: whole('organizations', 'getOrganization'),
  UpdateOrganization: withOrganization('updateOrganization'),
  DeleteOrganization: byOrganization('deleteOrganization'),
  MergeOrganizationMetadata: withOrganization('updateOrganizationMetadata'),
  ReplaceOrganizationMetadata: withOrganization('replaceOrganizationMetadata'),
  UploadOrganizationLogo: async (c, a) =>
    c.organizations.updateOrganizationLogo(a.organization_id, await file(without(a, 'organization_id'))),
  DeleteOrganizationLogo: byOrganization('deleteOrganizationLogo'),
  GetOrganizationBillingSubscription: (c, a) => c.billing.getOrganizationBillingSubscription(a.organization_id),
  ListOrganizationMemberships: whole('organizations', 'getOrganizationMembershipList'),
  CreateOrganizationMembership: whole('organizations', 'createOrganizationMembership'),
  UpdateOrganizationMembership: whole('organizations', 'updateOrganizationMembership'),
  DeleteOrganizationMembership: whole('organizations', 'deleteOrganizationMembership'),
  UpdateOrganizationMembershipMetadata: whole('organizations', 'updateOrganizationMembershipMetadata'),
  InstanceGetOrganizationMemberships: whole('organizations', 'getInstanceOrganizationMembershipList'),
  ListOrganizationInvitations: whole('organizations', 'getOrganizationInvitationList'),
  CreateOrganizationInvitation: whole('organizations', 'createOrganizationInvitation'),
  CreateOrganizationInvitationBulk: (c, a) =>
    c.organizations.createOrganizationInvitationBulk(a.organization_id, a.items.map(camel)),
  GetOrganizationInvitation: whole('organizations', 'getOrganizationInvitation'),
  RevokeOrganizationInvitation: whole('organizations', 'revokeOrganizationInvitation'),
  ListInvitations: whole('invitations', 'getInvitationList'),
  CreateInvitation: whole('invitations', 'createInvitation'),
  CreateBulkInvitations: bulk('invitations', 'createInvitationBulk'),
  RevokeInvitation: one('invitations', 'revokeInvitation', 'invitation_id'),
  CreateEmailAddress: whole('emailAddresses', 'createEmailAddress'),
  GetEmailAddress: one('emailAddresses', 'getEmailAddress', 'email_address_id'),
  UpdateEmailAddress: withOne('emailAddresses', 'updateEmailAddress', 'email_address_id'),
  DeleteEmailAddress: one('emailAddresses', 'deleteEmailAddress', 'email_address_id'),
  ReplaceUserEmailAddress: withUser('replaceUserEmailAddress'),
  CreatePhoneNumber: whole('phoneNumbers', 'createPhoneNumber'),
  GetPhoneNumber: one('phoneNumbers', 'getPhoneNumber', 'phone_number_id'),
  UpdatePhoneNumber: withOne('phoneNumbers', 'updatePhoneNumber', 'phone_number_id'),
  DeletePhoneNumber: one('phoneNumbers', 'deletePhoneNumber', 'phone_number_id'),
  ReplaceUserPhoneNumber: withUser('replaceUserPhoneNumber'),
  ListOrganizationRoles: whole('organizationRoles', 'getOrganizationRoleList'),
  CreateOrganizationRole: whole('organizationRoles', 'createOrganizationRole'),
  GetOrganizationRole: one('organizationRoles', 'getOrganizationRole', 'organization_role_id'),
  UpdateOrganizationRole: whole('organizationRoles', 'updateOrganizationRole'),
  DeleteOrganizationRole: one('organizationRoles', 'deleteOrganizationRole', 'organization_role_id'),
  AssignPermissionToOrganizationRole: whole('organizationRoles', 'assignPermissionToOrganizationRole'),
  RemovePermissionFromOrganizationRole: whole('organizationRoles', 'removePermissionFromOrganizationRole'),
  ListOrganizationPermissions: whole('organizationPermissions', 'getOrganizationPermissionList'),
  CreateOrganizationPermission: whole('organizationPermissions', 'createOrganizationPermission'),
  GetOrganizationPermission: one('organizationPermissions', 'getOrganizationPermission', 'permission_id'),
  UpdateOrganizationPermission: whole('organizationPermissions', 'updateOrganizationPermission'),
  DeleteOrganizationPermission: one('organizationPermissions', 'deleteOrganizationPermission', 'permission_id'),
  ListRoleSets: whole('roleSets', 'getRoleSetList'),
  CreateRoleSet: whole('roleSets', 'createRoleSet'),
  GetRoleSet: one('roleSets', 'getRoleSet', 'role_set_key_or_id'),
  UpdateRoleSet: whole('roleSets', 'updateRoleSet'),
  AddRolesToRoleSet: whole('roleSets', 'addRolesToRoleSet'),
  ReplaceRoleInRoleSet: whole('roleSets', 'replaceRoleInRoleSet'),
  ReplaceRoleSet: whole('roleSets', 'replaceRoleSet'),
  ListOrganizationDomains: whole('organizations', 'getOrganizationDomainList'),
  CreateOrganizationDomain: whole('organizations', 'createOrganizationDomain'),
  UpdateOrganizationDomain: whole('organizations', 'updateOrganizationDomain'),
  DeleteOrganizationDomain: whole('organizations', 'deleteOrganizationDomain'),
  ListWaitlistEntries: whole('waitlistEntries', 'list'),
  CreateWaitlistEntry: whole('waitlistEntries', 'create'),
  CreateBulkWaitlistEntries: bulk('waitlistEntries', 'createBulk'),
  DeleteWaitlistEntry: one('waitlistEntries', 'delete', 'waitlist_entry_id'),
  InviteWaitlistEntry: withOne('waitlistEntries', 'invite', 'waitlist_entry_id'),
  RejectWaitlistEntry: one('waitlistEntries', 'reject', 'waitlist_entry_id'),
  ListAllowlistIdentifiers: whole('allowlistIdentifiers', 'getAllowlistIdentifierList'),
  CreateAllowlistIdentifier: whole('allowlistIdentifiers', 'createAllowlistIdentifier'),
  DeleteAllowlistIdentifier: one('allowlistIdentifiers', 'deleteAllowlistIdentifier', 'identifier_id'),
  ListBlocklistIdentifiers: whole('blocklistIdentifiers', 'getBlocklistIdentifierList'),
  CreateBlocklistIdentifier: whole('blocklistIdentifiers', 'createBlocklistIdentifier'),
  DeleteBlocklistIdentifier: one('blocklistIdentifiers', 'deleteBlocklistIdentifier', 'identifier_id'),
  GetInstance: c => c.instance.get(),
  UpdateInstance: whole('instance', 'update'),
  UpdateInstanceRestrictions: whole('instance', 'updateRestrictions'),
  GetInstanceOrganizationSettings: c => c.instance.getOrganizationSettings(),
  UpdateInstanceOrganizationSettings: whole('instance', 'updateOrganizationSettings'),
  GetSessionList: whole('sessions', 'getSessionList'),
  createSession: whole('sessions', 'createSession'),
  GetSession: one('sessions', 'getSession', 'session_id'),
  // Its parameters are spelled as on the wire.
  RefreshSession: (c, a) => c.sessions.refreshSession(a.session_id, without(a, 'session_id')),
  RevokeSession: one('sessions', 'revokeSession', 'session_id'),
  CreateSessionToken: (c, a) => c.sessions.getToken(a.session_id, undefined, a.expires_in_seconds),
  CreateSessionTokenFromTemplate: (c, a) =>
    c.sessions.getToken(a.session_id, a.template_name, a.expires_in_seconds),
  CreateSignInToken: whole('signInTokens', 'createSignInToken'),
  RevokeSignInToken: one('signInTokens', 'revokeSignInToken', 'sign_in_token_id'),
  CreateActorToken: whole('actorTokens', 'create'),
  RevokeActorToken: one('actorTokens', 'revoke', 'actor_token_id'),
  CreateTestingToken: c => c.testingTokens.createTestingToken(),
  GetJWKS: c => c.jwks.getJwks(),
  ListJWTTemplates: whole('jwtTemplates', 'list'),
  CreateJWTTemplate: whole('jwtTemplates', 'create'),
  GetJWTTemplate: one('jwtTemplates', 'get', 'template_id'),
  UpdateJWTTemplate: whole('jwtTemplates', 'update'),
  DeleteJWTTemplate: one('jwtTemplates', 'delete', 'template_id'),
  ListRedirectURLs: c => c.redirectUrls.getRedirectUrlList(),
  CreateRedirectURL: whole('redirectUrls', 'createRedirectUrl'),
  GetRedirectURL: one('redirectUrls', 'getRedirectUrl', 'id'),
  DeleteRedirectURL: one('redirectUrls', 'deleteRedirectUrl', 'id'),
};

// A function beside the client: it reads the key of the instance by itself and answers the claims, which are not ours.
// `skew` is by how many milliseconds its clock may be late.
async function verify({ token, jwt_key: jwtKey, skew, secret_key: secretKey = process.env.CLERK_SECRET_KEY }) {
  const key = jwtKey ? { jwtKey } : { secretKey, apiUrl: process.env.CONFORMANCE_URL };
  try {
    return { value: await verifyToken(token, { ...key, clockSkewInMs: skew }) };
  } catch (error) {
    const reason = error?.reason;
    return reason ? { value: { rejected: reason } } : { broken: `${error?.name}: ${error?.message}` };
  }
}

const ABSENT = [
  'UsersBan', 'UsersUnban', 'ListUserTrustedDevices', 'RevokeUserTrustedDevice', 'GetUserBillingCreditBalance',
  'AdjustUserBillingCreditBalance', 'GetOrganizationBillingCreditBalance', 'AdjustOrganizationBillingCreditBalance',
  'ListPendingOrganizationInvitations', 'ListInstanceOrganizationInvitations', 'PrepareEmailAddressVerification',
  'AttemptEmailAddressVerification', 'PreparePhoneNumberVerification', 'AttemptPhoneNumberVerification',
  'ListAllOrganizationDomains', 'VerifyOrganizationDomainOwnership', 'GetInstanceProtect', 'UpdateInstanceProtect',
  'GetInstanceCommunication', 'UpdateInstanceCommunication', 'GetInstanceOAuthApplicationSettings',
  'UpdateInstanceOAuthApplicationSettings',
];

// Parameters that the type declarations do not know.
const LACKS = {
  GetUserList: ['email_address_query', 'phone_number_query', 'username_query', 'name_query', 'banned', 'provider',
    'provider_user_id', 'starting_after'],
  GetUsersCount: ['banned'],
  CreateUser: ['unknown_field'],
  ListOrganizations: ['user_id', 'include_missing_member_with_elevated_permissions'],
  CreateOrganizationMembership: ['public_metadata', 'private_metadata'],
  CreateOrganizationInvitation: ['notify'],
  ListOrganizationInvitations: ['email_address', 'order_by'],
  CreateEmailAddress: ['notify_primary_email_address_changed'],
  UpdateEmailAddress: ['notify_primary_email_address_changed'],
  ReplaceUserEmailAddress: ['identification_status', 'notify_primary_email_address_changed'],
  ReplaceUserPhoneNumber: ['identification_status'],
  ListOrganizationDomains: ['verified', 'enrollment_mode'],
  UpdateInstance: ['unknown_field'],
  createSession: ['active_organization_id'],
  // Always sent by the client itself.
  ListInvitations: ['paginated'],
  ListAllowlistIdentifiers: ['paginated'],
  GetSessionList: ['paginated'],
  ListJWTTemplates: ['paginated'],
  ListRedirectURLs: ['paginated', 'limit', 'offset'],
};

// Fields of the API that the resource classes do not have, in one kind of object at least.
const HIDES = [
  'object', 'reserved', 'inviter_id', 'public_organization_data', 'role_name', 'revoked', 'type', 'max_allowed_domains',
  'max_role_sets_allowed', 'initial_role_set_key', 'allowlist_blocklist_disabled_on_sign_in',
];

const { version } = JSON.parse(readFileSync(new URL('./node_modules/@clerk/backend/package.json', import.meta.url)));

function say(outcome) {
  process.stdout.write(JSON.stringify(outcome) + '\n');
}

async function run({ op, args }) {
  if (op === 'lib:verify a session token') return verify(args);
  const { secret_key: key = process.env.CLERK_SECRET_KEY, ...rest } = args;
  try {
    return { value: snake(await OPERATIONS[op](client(key), rest)) ?? null };
  } catch (error) {
    if (error?.status && Array.isArray(error.errors)) {
      const errors = error.errors.map(({ code, message, longMessage }) => ({ code, message, long_message: longMessage }));
      return { status: error.status, errors, trace: error.clerkTraceId };
    }
    return { broken: `${error?.name}: ${error?.errors?.[0]?.message ?? error?.message}` };
  }
}

const absent = Object.fromEntries(ABSENT.map(op => [op, 'no method']));
say({ client: '@clerk/backend', version, absent, lacks: LACKS, hides: HIDES });
for await (const line of createInterface({ input: process.stdin })) {
  say(await run(JSON.parse(line)));
}
