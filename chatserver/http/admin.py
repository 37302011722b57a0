"""The doors of administration: a supervisor may look, an administrator decides."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chatserver.http import (
    admin_aside,
    admin_calendar,
    admin_folios,
    admin_letters,
    admin_mail,
    admin_policy,
    admin_staff,
)
from chatserver.http.doors import Login, private
from chatserver.types import Role


async def home(_request: Request, _login: Login) -> Response:
    return RedirectResponse("/admin/policy", 303)


DOORS = (
    private("GET", "/admin", home, Role.SUPERVISOR),
    private("GET", "/admin/policy", admin_policy.show, Role.SUPERVISOR),
    private("POST", "/admin/policy", admin_policy.do_save, Role.ADMIN),
    private("POST", "/admin/policy/confirm", admin_policy.do_confirm, Role.ADMIN),
    private("GET", "/admin/calendars", admin_calendar.to_shared, Role.SUPERVISOR),
    private("GET", "/admin/calendars/{id}", admin_calendar.show, Role.SUPERVISOR),
    private("POST", "/admin/calendars/{id}", admin_calendar.do_save, Role.ADMIN),
    private("POST", "/admin/calendars/{id}/confirm", admin_calendar.do_confirm, Role.ADMIN),
    private("GET", "/admin/staff", admin_staff.show, Role.SUPERVISOR),
    private("POST", "/admin/staff", admin_staff.do_add, Role.ADMIN),
    private("GET", "/admin/staff/{id}", admin_staff.show_one, Role.SUPERVISOR),
    private("POST", "/admin/staff/{id}", admin_staff.do_change, Role.ADMIN),
    private("POST", "/admin/staff/{id}/close", admin_staff.do_close, Role.ADMIN),
    private("POST", "/admin/staff/{id}/open", admin_staff.do_open, Role.ADMIN),
    private("GET", "/admin/folios", admin_folios.show, Role.SUPERVISOR),
    private("POST", "/admin/folios/prefix", admin_folios.do_prefix, Role.ADMIN),
    private("POST", "/admin/folios/categories/{portal}", admin_folios.do_categories, Role.ADMIN),
    private("GET", "/admin/mail", admin_mail.show, Role.SUPERVISOR),
    private("POST", "/admin/mail/test", admin_mail.do_test, Role.ADMIN),
    private("POST", "/admin/mail/check", admin_mail.do_check, Role.ADMIN),
    private("GET", "/admin/letters", admin_letters.show, Role.SUPERVISOR),
    private("GET", "/admin/letters/{kind}/{locale}", admin_letters.show_one, Role.SUPERVISOR),
    private("POST", "/admin/letters/{kind}/{locale}", admin_letters.do_save, Role.ADMIN),
    private("POST", "/admin/letters/{kind}/{locale}/page", admin_letters.do_page, Role.ADMIN),
    private("POST", "/admin/letters/{kind}/{locale}/shipped", admin_letters.do_ship, Role.ADMIN),
    private("GET", "/admin/aside", admin_aside.show, Role.SUPERVISOR),
    private("POST", "/admin/aside/{id}/take", admin_aside.do_take, Role.SUPERVISOR),
    private("POST", "/admin/aside/{id}/dismiss", admin_aside.do_dismiss, Role.SUPERVISOR),
)
