"""Accounts as an administrator looks after them: as the command line does, but some administrator always stays."""

from sqlmodel import col, func, select

from chatserver.actions.administration import first_come, must_administer
from chatserver.actions.staff import Account, add_staff, change_staff, disable_staff, enable_staff
from chatserver.actions.unit import Unit
from chatserver.errors import Refused, not_found
from chatserver.models import Agent
from chatserver.types import Actor, Role


async def add_colleague(unit: Unit, actor: Actor, login: str, password_hash: str, account: Account) -> Agent:
    """Raises `Refused`: not_admin, login_taken."""
    must_administer(actor)
    return await add_staff(unit, actor, login, password_hash, account)


async def change_colleague(unit: Unit, actor: Actor, id: int, account: Account) -> Agent:
    """Raises `Refused`: not_admin, not_found, last_admin."""
    must_administer(actor)
    await first_come(unit)
    agent = await _get(unit, id)
    if account.role is not None and account.role is not Role.ADMIN:
        await _must_leave_an_admin(unit, agent)
    return await change_staff(unit, actor, agent.login, account)


async def close_account(unit: Unit, actor: Actor, id: int) -> Agent:
    """Raises `Refused`: not_admin, not_found, last_admin."""
    must_administer(actor)
    await first_come(unit)
    agent = await _get(unit, id)
    await _must_leave_an_admin(unit, agent)
    return await disable_staff(unit, actor, agent.login)


async def open_account(unit: Unit, actor: Actor, id: int) -> Agent:
    """Raises `Refused`: not_admin, not_found."""
    must_administer(actor)
    return await enable_staff(unit, actor, (await _get(unit, id)).login)


async def _get(unit: Unit, id: int) -> Agent:
    agent = await unit.session.get(Agent, id)
    if agent is None:
        raise not_found("account")
    return agent


async def _must_leave_an_admin(unit: Unit, agent: Agent) -> None:
    if agent.role is not Role.ADMIN or agent.disabled_at is not None:
        return
    others = select(func.count()).select_from(Agent).where(Agent.role == Role.ADMIN, col(Agent.id) != agent.id)
    if not (await unit.session.exec(others.where(col(Agent.disabled_at).is_(None)))).one():
        raise Refused("last_admin", "Somebody has to be left who administers.", field="role")
