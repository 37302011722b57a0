"""Files of conversations.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOOSE = sa.text("message_id IS NULL OR removed_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", LONG, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", LONG, nullable=True),
        sa.Column("sender_kind", sa.String(length=24), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("size", LONG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_stored_file_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_stored_file_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
    )
    op.create_index("ix_stored_file_loose", "stored_file", ["created_at"], sqlite_where=LOOSE, postgresql_where=LOOSE)
    op.create_index(op.f("ix_stored_file_conversation_id"), "stored_file", ["conversation_id"])
    op.create_index(op.f("ix_stored_file_message_id"), "stored_file", ["message_id"])
