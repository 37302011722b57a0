"""What is counted of this process, under Prometheus' names; `http/metrics.py` gives it out and reads the rest when
asked."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

MESSAGES = Counter("chatserver_messages_stored", "Messages stored and acknowledged.", registry=REGISTRY)
MESSAGE_SECONDS = Histogram(
    "chatserver_message_seconds",
    "From a message's arrival until it was committed.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
BATCH = Histogram(
    "chatserver_batch_messages",
    "Messages that shared a commit.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200),
    registry=REGISTRY,
)
REFUSED = Counter("chatserver_commands_refused", "Commands refused.", ["code"], registry=REGISTRY)
FOLLOWED = Counter(
    "chatserver_topics_followed", "Subscriptions answered, with a tail or a snapshot.", ["answer"], registry=REGISTRY
)
CAUGHT_UP = Counter("chatserver_catch_ups", "Topics whose hints were lost and read from the table.", registry=REGISTRY)
CLOSED = Counter("chatserver_sockets_closed", "Sockets that ended, by reason.", ["reason"], registry=REGISTRY)
LOOP_FAILURES = Counter(
    "chatserver_loop_failures", "Rounds of background work that failed.", ["loop"], registry=REGISTRY
)
MAILS = Counter("chatserver_mails", "Mails handed over, and what became of them.", ["outcome"], registry=REGISTRY)
MAILS_IN = Counter(
    "chatserver_mails_in", "Mails that came, and what was done about them.", ["outcome"], registry=REGISTRY
)
TIMERS = Counter("chatserver_timers_run", "Due timers carried out.", registry=REGISTRY)

CONNECTIONS = Gauge("chatserver_connections", "Open sockets.", ["side"], registry=REGISTRY)
BUS_HEALTHY = Gauge("chatserver_bus_healthy", "1 when hints go out and come in.", registry=REGISTRY)
BUS_HINTS = Gauge("chatserver_bus_hints", "Hints since the start.", ["fate"], registry=REGISTRY)
WAITING = Gauge("chatserver_queue_waiting", "Conversations that wait for an agent.", ["portal"], registry=REGISTRY)
OLDEST = Gauge("chatserver_queue_oldest_seconds", "How long the oldest of them waits.", ["portal"], registry=REGISTRY)
TIMER_LAG = Gauge("chatserver_timer_lag_seconds", "How late the latest due timer is.", registry=REGISTRY)
