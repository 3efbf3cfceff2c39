"""Coming and leaving: how a claim is checked, and how a municipality goes."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
