"""The tables. Importing this package registers all of them on `Table.metadata`."""

from chatserver.models.base import Table
from chatserver.models.client_page import PageLinks
from chatserver.models.conversations import Assignment, Conversation, Message, RoutingDecision
from chatserver.models.files import StoredFile
from chatserver.models.notices import InboundMail, LetterVersion, MailboxCursor, MailState, NoticeRow, NoticeState
from chatserver.models.operations import (
    AuditEntry,
    CommandReply,
    DeskDay,
    EventRow,
    Installation,
    PresenceClock,
    ServerProcess,
    Timer,
    TopicHead,
)
from chatserver.models.people import Agent, LoginSession, Visitor
from chatserver.models.portals import CalendarRow, CalendarVersion, PolicyVersion, Portal
from chatserver.models.satisfaction import Rating
from chatserver.models.telephone import PhoneCall
from chatserver.models.tickets import (
    FolioCounter,
    Ticket,
    TicketBreach,
    TicketLink,
    TicketPause,
    TicketStep,
    TicketWarning,
)

__all__ = [
    "Agent",
    "Assignment",
    "AuditEntry",
    "CalendarRow",
    "CalendarVersion",
    "CommandReply",
    "Conversation",
    "DeskDay",
    "EventRow",
    "FolioCounter",
    "InboundMail",
    "Installation",
    "LetterVersion",
    "LoginSession",
    "MailState",
    "MailboxCursor",
    "Message",
    "NoticeRow",
    "NoticeState",
    "PageLinks",
    "PhoneCall",
    "PolicyVersion",
    "Portal",
    "PresenceClock",
    "Rating",
    "RoutingDecision",
    "ServerProcess",
    "StoredFile",
    "Table",
    "Ticket",
    "TicketBreach",
    "TicketLink",
    "TicketPause",
    "TicketStep",
    "TicketWarning",
    "Timer",
    "TopicHead",
    "Visitor",
]
