"""Accounts of staff and their logins. Passwords arrive hashed: hashing takes longer than a transaction should."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from chatserver.actions.agents import set_state
from chatserver.actions.unit import Unit
from chatserver.errors import Refused
from chatserver.models import Agent, LoginSession
from chatserver.process.fields import clean_line
from chatserver.protocol.commands import SetState
from chatserver.queries.access import staff_actor
from chatserver.queries.logins import hash_token, tidy_login
from chatserver.types import Actor, AgentState, Role, StaffActor


@dataclass(frozen=True, slots=True)
class Account:
    """What an account says of its owner; None leaves it as it is."""

    name: str | None = None
    role: Role | None = None
    level: int | None = None
    teams: list[str] | None = None
    languages: list[str] | None = None
    capacity: int | None = None


async def add_staff(
    unit: Unit, actor: Actor, login: str, password_hash: str, account: Account, *, demo: bool = False
) -> Agent:
    """A new account. Raises `Refused` (login_taken)."""
    login, told = tidy_login(clean_line(login, "login", 254)), _told(account)
    if await _find(unit, login):
        raise Refused("login_taken", f"There is an account {login} already.", field="login")
    agent = Agent(
        login=login,
        name=told.get("name", login[:80]),
        password_hash=password_hash,
        role=account.role or Role.AGENT,
        level=account.level or 1,
        teams=told.get("teams", []),
        languages=told.get("languages", []) or ["es"],
        capacity=3 if account.capacity is None else account.capacity,
        state_since=unit.now,
        idle_since=unit.now,
        seen_at=unit.now,
        created_at=unit.now,
        demo=demo,
    )
    unit.session.add(agent)
    await unit.flush()
    unit.touch_agent(agent)
    unit.audit(actor, "add_staff", f"agent:{agent.id}", login=login, role=agent.role)
    return agent


async def change_staff(unit: Unit, actor: Actor, login: str, account: Account) -> Agent:
    """Change what an account says; a changed role or team counts from the owner's next command."""
    agent = await get_by_login(unit, login)
    told = _told(account)
    before = {name: getattr(agent, name) for name in told}
    for name, value in told.items():
        setattr(agent, name, value)
    unit.touch_agent(agent)
    unit.wakes_routing = True
    unit.audit(actor, "change_staff", f"agent:{agent.id}", before=before, after=told)
    return agent


def _told(account: Account) -> dict[str, Any]:
    """What is said, as lines that can be shown to anybody."""
    told = {name: value for name in Account.__slots__ if (value := getattr(account, name)) is not None}
    if account.name is not None:
        told["name"] = clean_line(account.name, "name", 80)
    for field in {"teams", "languages"} & told.keys():
        told[field] = [clean_line(each, field, 40) for each in told[field]]
    return told


async def disable_staff(unit: Unit, actor: Actor, login: str) -> Agent:
    """Close an account at once: what it holds goes back to the front of the queue, its logins are over."""
    agent = await get_by_login(unit, login, lock=False)  # what it holds is locked first
    leaving = SetState(ref="disable-staff", type="set_state", state=AgentState.OFFLINE, conversations="return")
    await set_state(unit, staff_actor(agent), leaving)
    agent.disabled_at = agent.disabled_at or unit.now
    await _revoke(unit, agent.id)
    unit.audit(actor, "disable_staff", f"agent:{agent.id}")
    return agent


async def enable_staff(unit: Unit, actor: Actor, login: str) -> Agent:
    agent = await get_by_login(unit, login)
    agent.disabled_at = None
    unit.touch_agent(agent)
    unit.audit(actor, "enable_staff", f"agent:{agent.id}")
    return agent


async def set_password(unit: Unit, actor: Actor, login: str, password_hash: str, *, keep: int | None = None) -> Agent:
    """A new password; every login session but `keep` is over."""
    agent = await get_by_login(unit, login)
    agent.password_hash = password_hash
    await _revoke(unit, agent.id, keep)
    unit.audit(actor, "set_password", f"agent:{agent.id}")
    return agent


async def log_in(unit: Unit, agent: Agent, password_hash: str, old_token: str | None) -> str | None:
    """A fresh token for who proved to know the password behind `password_hash`; the browser's old one is over.
    None when the account was closed, or its password changed, since that was read."""
    current = await unit.session.get_one(Agent, agent.id, with_for_update=True, populate_existing=True)
    if current.disabled_at is not None or current.password_hash != password_hash:
        return None
    if old_token:
        await _end(unit, col(LoginSession.token_hash) == hash_token(old_token))
    token = secrets.token_urlsafe(32)
    row = LoginSession(agent_id=agent.id, token_hash=hash_token(token), created_at=unit.now, used_at=unit.now)
    unit.session.add(row)
    unit.audit(staff_actor(current), "log_in", f"agent:{agent.id}")
    return token


async def log_out(unit: Unit, actor: StaffActor, login_id: int) -> None:
    await _end(unit, col(LoginSession.id) == login_id)
    unit.audit(actor, "log_out", f"agent:{actor.id}")


async def touch_login(unit: Unit, login_id: int) -> None:
    """The session was used just now: its idle time starts again."""
    await unit.session.exec(update(LoginSession).where(col(LoginSession.id) == login_id).values(used_at=unit.now))


async def get_by_login(unit: Unit, login: str, *, lock: bool = True) -> Agent:
    """Raises `Refused` (not_found)."""
    agent = await _find(unit, login, lock=lock)
    if agent is None:
        raise Refused("not_found", f"There is no account {login}.", field="login")
    return agent


async def _find(unit: Unit, login: str, *, lock: bool = True) -> Agent | None:
    query = select(Agent).where(Agent.login == tidy_login(login))
    return (await unit.session.exec(query.with_for_update() if lock else query)).one_or_none()


async def _revoke(unit: Unit, agent_id: int, keep: int | None = None) -> None:
    await _end(unit, col(LoginSession.agent_id) == agent_id, col(LoginSession.id) != (keep or 0))


async def _end(unit: Unit, *which: ColumnElement[bool]) -> None:
    live = update(LoginSession).where(*which, col(LoginSession.revoked_at).is_(None))
    await unit.session.exec(live.values(revoked_at=unit.now))
