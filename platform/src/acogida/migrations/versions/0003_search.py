"""What is looked for: the public projection of the catalogue and the searches that people keep."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
