"""Letters that are about no ticket's client leave by the same outbox.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("notice_row") as batch:
        batch.alter_column("ticket_id", existing_type=sa.Integer(), nullable=True)
