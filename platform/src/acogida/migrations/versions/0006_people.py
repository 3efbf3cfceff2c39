"""People and offices: second factor, passkeys, cargos, subrogancia and grants to outsiders."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
