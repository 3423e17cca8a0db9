"""Who is asking (tokens, impersonation) and whether they may (RBAC): pure decisions over stored objects."""
