"""A batch of messages in PostgreSQL's words: read, decide, and store if nothing has happened meanwhile.

Two statements, each its own transaction: the wire is crossed twice, where holding a lock between the two would cross it
five times. Whatever anybody may see of a conversation takes a number in one of its two topics, so that their heads say
whether it is still as it was read. Arrays, not lists of parameters: the text never changes.
"""

READ = """
SELECT c.state, c.visitor_id, c.seq, c.staff_seq, c.alert, p.team, o.agent_id,
    v.id, v.name, a.id, a.name, a.role, a.teams::text, m.seq, m.at, m.body
FROM unnest($1::integer[], $2::text[], $3::integer[], $4::text[], $5::integer[])
    WITH ORDINALITY AS s (conversation, client, portal, token, login, nth)
LEFT JOIN conversation c ON c.id = s.conversation
LEFT JOIN portal p ON p.id = c.portal_id
LEFT JOIN visitor v ON v.token_hash = s.token AND (v.portal_id = s.portal) IS TRUE AND v.erased_at IS NULL
LEFT JOIN login_session l ON l.id = s.login AND l.revoked_at IS NULL
LEFT JOIN agent a ON a.id = l.agent_id AND a.disabled_at IS NULL
LEFT JOIN assignment o ON o.conversation_id = s.conversation
    AND o.ended_at IS NULL AND o.kind = 'owner' AND o.accepted_at IS NOT NULL
LEFT JOIN LATERAL (
    SELECT seq, at, body FROM message WHERE conversation_id = s.conversation AND client_message_id = s.client
        AND sender_kind = CASE WHEN s.login IS NULL THEN 'visitor' ELSE 'agent' END
        AND sender_id = coalesce(v.id, a.id)
    LIMIT 1
) m ON true
ORDER BY s.nth
"""
"""For each message: how its conversation stands and who has it, who sends it, and whether it was stored before.

Each table is to be entered by its whole key, however little the planner knows of it: `IS TRUE` keeps it from reading
all clients of a portal; LIMIT keeps the inner query whole, and so from reading all that was said in a conversation."""

STORE = """
WITH mark AS (
    SELECT * FROM unnest($9::integer[], $10::integer[], $11::boolean[], $12::boolean[], $13::boolean[],
        $14::integer[], $15::integer[]) AS k (id, head, asked, answered, unanswered, seq, staff_seq)
), held AS MATERIALIZED (
    SELECT c.id FROM mark k JOIN conversation c ON c.id = k.id AND c.seq = k.seq AND c.staff_seq = k.staff_seq
    ORDER BY c.id FOR UPDATE OF c
), marked AS (
    UPDATE conversation c SET
        seq = k.head,
        last_visitor_at = CASE WHEN k.asked THEN $1 ELSE c.last_visitor_at END,
        last_agent_at = CASE WHEN k.answered THEN $1 ELSE c.last_agent_at END,
        unanswered_since = CASE WHEN NOT k.unanswered THEN NULL
            WHEN k.answered THEN $1 ELSE coalesce(c.unanswered_since, $1) END
    FROM held h JOIN mark k ON k.id = h.id WHERE c.id = h.id
)
INSERT INTO message (conversation_id, note, seq, after, sender_kind, sender_id, sender_name, client_message_id,
    body, at)
SELECT n.conversation, false, n.seq, n.seq, n.kind, n.sender, n.name, n.client, n.body, $1::timestamptz
FROM unnest($2::integer[], $3::integer[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::text[])
    AS n (conversation, seq, kind, sender, name, client, body)
JOIN held h ON h.id = n.conversation
RETURNING conversation_id
"""
"""The messages, each conversation's new head, and the marks of who spoke last: of those conversations in which nothing
has happened since they were read. They are locked in the order of their ids, and read anew by that."""
