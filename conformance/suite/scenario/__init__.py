"""The scenario: importing this package registers every check."""

from . import (  # noqa: F401
    billing,
    cli_commands,
    credentials,
    invitations,
    memberships,
    organization_invitations,
    organizations,
    user_lists,
    user_states,
    users,
)
