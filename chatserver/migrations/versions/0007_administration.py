"""The prefix of folios is somebody's decision.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("installation", sa.Column("folio_prefix", sa.String(length=8), nullable=True))
