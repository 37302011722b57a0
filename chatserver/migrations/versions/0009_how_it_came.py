"""How each message came: what is there already came by chat, as far as anybody can tell.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("message", sa.Column("channel", sa.String(length=24), nullable=False, server_default="chat"))
