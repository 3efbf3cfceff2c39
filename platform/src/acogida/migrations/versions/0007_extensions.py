"""What plugins contributed, what a region recommends, and how each one behaves."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
