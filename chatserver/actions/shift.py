"""An agent's state, and how it changes."""

from chatserver.actions.unit import Unit
from chatserver.models import Agent
from chatserver.types import AgentState

FINISHING = "away.finishing"
"""The shift is over but for the conversations that the agent wanted to end first."""


def enter_state(unit: Unit, agent: Agent, state: AgentState, reason: str | None) -> None:
    """Change the state of a (locked) agent. A new one begins idleness; coming online forgets misses."""
    if agent.state is not state:
        agent.state_since = agent.idle_since = unit.now
    agent.state = state
    agent.state_reason = reason
    if state is AgentState.ONLINE:
        agent.seen_at = unit.now
        agent.misses = 0
        unit.wakes_routing = True
    unit.touch_agent(agent)


def end_when_finished(unit: Unit, agent: Agent) -> None:
    """With the last of those conversations the shift ends."""
    if agent.state_reason == FINISHING and agent.load == 0:
        enter_state(unit, agent, AgentState.OFFLINE, None)
