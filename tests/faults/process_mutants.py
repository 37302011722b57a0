"""The support process, broken in ways that its acceptance must notice. See `mutate.py` for the
fields; 0 is none of the numbered guarantees, but what all of them are for."""

PROCESS = (
    (
        0,
        "process: a pause pushes no due time",
        "chatserver/process/sla.py",
        "business_between(calendar, max(pause.start, counted), pause.end))\n        counted",
        "business_between(calendar, pause.end, pause.end))\n        counted",
        "tests/acceptance/test_4_third_level.py -k sqlite",
    ),
    (
        0,
        "process: a word to the client does not restart the update clock",
        "chatserver/process/sla.py",
        "max(filter(None, (sla_start, last_public_human_at, *(pause.end for pause in ledger))))",
        "max(filter(None, (sla_start, *(pause.end for pause in ledger))))",
        "tests/acceptance/test_3_outage.py -k sqlite",
    ),
    (
        0,
        "process: what an arrival causes stops the first reply's clock",
        "chatserver/process/ticket.py",
        "if notice and by.kind is Kind.STAFF else",
        "if notice else",
        "tests/acceptance/test_2_friday_evening.py -k late and sqlite",
    ),
    (
        0,
        "process: the first reminder comes with the second",
        "chatserver/process/ticket_waits.py",
        "            (waits.remind_first, Move.REMIND),\n",
        "            (waits.remind_again, Move.REMIND),\n",
        "tests/acceptance/test_5_client_silent.py -k twice and sqlite",
    ),
    (
        0,
        "process: a notice that was sent is sent again",
        "chatserver/mail/sender.py",
        "            await note_sent(context, row.id)\n",
        "            await note_later(context, row.id, '', timedelta(minutes=1))\n",
        "tests/acceptance/test_5_client_silent.py -k twice and sqlite",
    ),
    (
        0,
        "process: the third level may release",
        "chatserver/process/ticket_moves.py",
        "S.RELEASED, level(2, override=False)",
        "S.RELEASED, level(2, 3, override=False)",
        "tests/acceptance/test_4_third_level.py -k sqlite",
    ),
    (
        0,
        "process: words move a ticket beside the table",
        "chatserver/actions/ticket_words.py",
        "    if not held.clocks.stopped:\n",
        (
            "    if held.ticket.state is TicketState.NEW:\n"
            "        held.ticket.state = TicketState.RELEASED\n"
            "    if not held.clocks.stopped:\n"
        ),
        "tests/acceptance/test_walks.py -k ana",
    ),
    (
        0,
        "process: a queue outlives the day",
        "chatserver/process/conversation.py",
        "        end = min(end, facts.closes_at)\n",
        "        end = max(end, facts.closes_at)\n",
        "tests/acceptance/test_6_closing_with_a_queue.py -k sqlite",
    ),
)
