"""The tenant: claiming a workspace, its registry and its requests for access."""
