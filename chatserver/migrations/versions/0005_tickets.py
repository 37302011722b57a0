"""Tickets that move: what a move needs and leaves, the clocks' ledger, the history, timers for those that are open.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)
WORD = sa.String(length=24)
OPEN = sa.text("state NOT IN ('resolved', 'closed', 'cancelled')")
LONG_AGO = sa.text("'1970-01-01 00:00:00.000000'")

COLUMNS: tuple[sa.Column[object], ...] = (
    sa.Column("channel", WORD, nullable=False, server_default="chat"),
    sa.Column("state_since", AT, nullable=False, server_default=LONG_AGO),
    sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("proposed_severity", WORD, nullable=True),
    sa.Column("last_owners", sa.JSON(), nullable=False, server_default="{}"),
    sa.Column("authors", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("evidence_files", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("external_cause", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("sizing", sa.Text(), nullable=True),
    sa.Column("diagnosis", sa.Text(), nullable=True),
    sa.Column("test_evidence", sa.Text(), nullable=True),
    sa.Column("solution", sa.Text(), nullable=True),
    sa.Column("release_from", AT, nullable=True),
    sa.Column("release_until", AT, nullable=True),
    sa.Column("release_version", sa.String(length=200), nullable=True),
    sa.Column("released_at", AT, nullable=True),
    sa.Column("no_deployment", sa.Boolean(), nullable=False, server_default=sa.false()),
    sa.Column("planned_date", AT, nullable=True),
    sa.Column("cancel_cause", WORD, nullable=True),
    sa.Column("dropped_at", AT, nullable=True),
    sa.Column("returns", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("warned", sa.Integer(), nullable=False, server_default="0"),
)


def upgrade() -> None:
    op.add_column("visitor", sa.Column("phone", sa.String(length=20), nullable=True))
    op.create_index(op.f("ix_visitor_phone"), "visitor", ["phone"])
    for column in COLUMNS:
        op.add_column("ticket", column)
    op.create_index(op.f("ix_ticket_owner_id"), "ticket", ["owner_id"])
    op.create_index("ix_ticket_board", "ticket", ["portal_id", "level"], sqlite_where=OPEN, postgresql_where=OPEN)
    add_ledger()
    add_history()
    op.execute("UPDATE ticket SET state_since = created_at")
    watch_open_tickets()


def watch_open_tickets() -> None:
    """Those from before have no timer yet. One that is due at once looks, and arms itself."""
    op.execute(
        "INSERT INTO timer (kind, entity_id, version, due_at) SELECT 'ticket_clock', id, version, created_at "
        "FROM ticket WHERE state NOT IN ('resolved', 'closed', 'cancelled')"
    )


def add_ledger() -> None:
    op.create_table(
        "ticket_breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("clock", WORD, nullable=False),
        sa.Column("due", AT, nullable=False),
        sa.Column("noted_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_breach_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_breach")),
        sa.UniqueConstraint("ticket_id", "clock", "due", name=op.f("uq_ticket_breach_ticket_id_clock_due")),
    )
    op.create_table(
        "ticket_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("clock", WORD, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("due", AT, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_warning_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_warning")),
        sa.UniqueConstraint(
            "ticket_id", "clock", "percent", "due", name=op.f("uq_ticket_warning_ticket_id_clock_percent_due")
        ),
    )


def add_history() -> None:
    op.create_table(
        "ticket_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["ticket.id"], name=op.f("fk_ticket_link_other_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_link_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint("ticket_id", "kind", "other_id", name=op.f("uq_ticket_link_ticket_id_kind_other_id")),
    )
    op.create_index(op.f("ix_ticket_link_other_id"), "ticket_link", ["other_id"])
    op.create_table(
        "ticket_step",
        sa.Column("id", LONG, nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("move", WORD, nullable=True),
        sa.Column("row", sa.String(length=4), nullable=True),
        sa.Column("before", WORD, nullable=True),
        sa.Column("after", WORD, nullable=False),
        sa.Column("overrides", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("notice", WORD, nullable=True),
        sa.Column("task", WORD, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_step_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_step")),
        sa.UniqueConstraint("ticket_id", "number", name=op.f("uq_ticket_step_ticket_id_number")),
    )
