"""Who waits, in the order of the line.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

QUEUED = sa.text("state = 'queued'")
LINE = ["level", "language", "team", "returned", "joined_at", "id"]


def upgrade() -> None:
    op.create_index("ix_conversation_line", "conversation", LINE, sqlite_where=QUEUED, postgresql_where=QUEUED)
