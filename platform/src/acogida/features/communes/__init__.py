"""Territory: regions, communes and their public figures. Nothing here belongs to a tenant."""
