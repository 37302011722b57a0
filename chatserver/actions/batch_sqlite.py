"""A batch of messages in SQLite's words. What is asked comes as one JSON text; the one writer needs no row locks."""

INSTANT = "%Y-%m-%d %H:%M:%S.%f"
"""How the tables hold an instant, in UTC."""

READ = """
SELECT c.state, c.visitor_id, c.seq, c.staff_seq, c.alert, p.team, o.agent_id,
    v.id, v.name, a.id, a.name, a.role, a.teams, m.seq, m.at, m.body
FROM (
    SELECT key AS nth, value ->> 0 AS conversation, value ->> 1 AS client, value ->> 2 AS portal,
        value ->> 3 AS token, value ->> 4 AS login
    FROM json_each(?1)
) s
LEFT JOIN conversation c ON c.id = s.conversation
LEFT JOIN portal p ON p.id = c.portal_id
LEFT JOIN visitor v ON v.token_hash = s.token AND v.portal_id = s.portal AND v.erased_at IS NULL
LEFT JOIN login_session l ON l.id = s.login AND l.revoked_at IS NULL
LEFT JOIN agent a ON a.id = l.agent_id AND a.disabled_at IS NULL
LEFT JOIN assignment o ON o.conversation_id = s.conversation
    AND o.ended_at IS NULL AND o.kind = 'owner' AND o.accepted_at IS NOT NULL
LEFT JOIN message m ON m.conversation_id = s.conversation AND m.client_message_id = s.client
    AND m.sender_kind = CASE WHEN s.login IS NULL THEN 'visitor' ELSE 'agent' END
    AND m.sender_id = coalesce(v.id, a.id)
ORDER BY s.nth
"""

INSERT = """
INSERT INTO message (at, conversation_id, note, seq, after, sender_kind, sender_id, sender_name, client_message_id,
    body)
VALUES (?1, ?2, 0, ?3, ?3, ?4, ?5, ?6, ?7, ?8)
"""

MARK = """
UPDATE conversation SET
    seq = ?3,
    last_visitor_at = CASE WHEN ?4 THEN ?1 ELSE last_visitor_at END,
    last_agent_at = CASE WHEN ?5 THEN ?1 ELSE last_agent_at END,
    unanswered_since = CASE WHEN NOT ?6 THEN NULL WHEN ?5 THEN ?1 ELSE coalesce(unanswered_since, ?1) END
WHERE id = ?2
"""
