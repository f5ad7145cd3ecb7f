"""Official Clerk clients, unmodified, against the local Clerk."""
