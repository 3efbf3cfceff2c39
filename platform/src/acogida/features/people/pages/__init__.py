"""Pages of people: their account, opening a workspace, who works in it, its keys, and help. One module for each noun."""

from acogida.features.people.pages import (
    access,
    account,
    claims,
    claveunica,
    factors,
    guidance,
    handover,
    members,
    offices,
    outsiders,
    platform,
    sermig,
    tokens,
)

ROUTES = [
    *account.ROUTES,
    *factors.ROUTES,
    *claveunica.ROUTES,
    *claims.ROUTES,
    *sermig.ROUTES,
    *members.ROUTES,
    *offices.ROUTES,
    *handover.ROUTES,
    *outsiders.ROUTES,
    *platform.ROUTES,
    *access.ROUTES,
    *tokens.ROUTES,
    *guidance.ROUTES,
]
