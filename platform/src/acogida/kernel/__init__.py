"""The boring heart: database, tenancy, audit, outbox, permissions, ports. It knows no feature and no framework."""
