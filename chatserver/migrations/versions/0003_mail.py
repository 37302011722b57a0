"""Mail out and in.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
QUEUED = sa.text("state = 'queued'")
NEW = sa.text("state = 'new'")


def upgrade() -> None:
    op.create_table(
        "notice_row",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("thread", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_notice_row_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_row")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_row_message_id")),
        sa.UniqueConstraint("ticket_id", "kind", "key", name=op.f("uq_notice_row_ticket_id_kind_key")),
    )
    op.create_index("ix_notice_row_due", "notice_row", ["due_at"], sqlite_where=QUEUED, postgresql_where=QUEUED)
    op.create_index("ix_notice_row_address_created_at", "notice_row", ["address", "created_at"])

    op.create_table(
        "inbound_mail",
        sa.Column("id", LONG, nullable=False),
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("uidvalidity", LONG, nullable=False),
        sa.Column("uid", LONG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("sender", sa.String(length=254), nullable=True),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_inbound_mail_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("account", "digest", name=op.f("uq_inbound_mail_account_digest")),
        sa.UniqueConstraint("account", "uidvalidity", "uid", name=op.f("uq_inbound_mail_account_uidvalidity_uid")),
    )
    op.create_index("ix_inbound_mail_due", "inbound_mail", ["due_at"], sqlite_where=NEW, postgresql_where=NEW)
    op.create_index("ix_inbound_mail_sender_received_at", "inbound_mail", ["sender", "received_at"])
    op.create_index(op.f("ix_inbound_mail_message_id"), "inbound_mail", ["message_id"])
    op.create_index(op.f("ix_inbound_mail_ticket_id"), "inbound_mail", ["ticket_id"])

    op.create_table(
        "mailbox_cursor",
        sa.Column("account", sa.String(length=254), nullable=False),
        sa.Column("uidvalidity", LONG, nullable=False),
        sa.Column("uid", LONG, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mailbox_cursor")),
    )
