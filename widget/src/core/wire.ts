// Made from chatserver/protocol by `python -m chatserver.protocol.generate`; do not edit.

export interface VisitorHello {
  readonly ref: string;
  readonly type: "hello";
  readonly token?: string | null;
  readonly locale?: string | null;
  readonly zone?: string | null;
  readonly page?: string | null;
}

export interface Subscribe {
  readonly ref: string;
  readonly type: "subscribe";
  readonly topic: string;
  readonly since?: number | null;
  readonly epoch?: string | null;
}

export interface Unsubscribe {
  readonly ref: string;
  readonly type: "unsubscribe";
  readonly topic: string;
}

export interface SendMessage {
  readonly ref: string;
  readonly type: "send_message";
  readonly conversation: number;
  readonly client_message_id: string;
  readonly body: string;
}

export interface MarkSeen {
  readonly ref: string;
  readonly type: "mark_seen";
  readonly conversation: number;
  readonly seq: number;
}

export interface Typing {
  readonly type: "typing";
  readonly conversation: number;
  readonly on: boolean;
}

export interface EndConversation {
  readonly ref: string;
  readonly type: "end_conversation";
  readonly conversation: number;
}

export interface GetEarlier {
  readonly ref: string;
  readonly type: "get_earlier";
  readonly conversation: number;
  readonly before: number;
}

export interface Contact {
  readonly name: string;
  readonly email: string;
  readonly subject: string;
  readonly rfc?: string | null;
  readonly privacy_version: string;
}

export interface StartConversation {
  readonly ref: string;
  readonly type: "start_conversation";
  readonly contact: Contact;
  readonly client_message_id: string;
  readonly body?: string | null;
}

export interface LeaveMessage {
  readonly ref: string;
  readonly type: "leave_message";
  readonly conversation?: number | null;
  readonly contact?: Contact | null;
  readonly client_message_id: string;
  readonly body: string;
}

export interface RateConversation {
  readonly ref: string;
  readonly type: "rate_conversation";
  readonly conversation: number;
  readonly score: number;
  readonly comment?: string;
}

export interface StaffHello {
  readonly ref: string;
  readonly type: "hello";
}

export interface SetState {
  readonly ref: string;
  readonly type: "set_state";
  readonly state: "online" | "away" | "offline";
  readonly conversations?: "return" | "stay" | null;
}

export interface DeclineOffer {
  readonly ref: string;
  readonly type: "decline_offer";
  readonly conversation: number;
}

export interface AddNote {
  readonly ref: string;
  readonly type: "add_note";
  readonly conversation: number;
  readonly client_message_id: string;
  readonly body: string;
}

export interface Transfer {
  readonly ref: string;
  readonly type: "transfer";
  readonly conversation: number;
  readonly agent?: number | null;
  readonly team?: string | null;
  readonly level?: number | null;
  readonly note?: string;
}

export interface ReturnToQueue {
  readonly ref: string;
  readonly type: "return_to_queue";
  readonly conversation: number;
  readonly note?: string;
}

export interface Dispose {
  readonly ref: string;
  readonly type: "dispose";
  readonly conversation: number;
  readonly disposition: "resolved" | "unresolved" | "spam";
}

export interface Escalate {
  readonly ref: string;
  readonly type: "escalate";
  readonly conversation: number;
  readonly severity: "S1" | "S2" | "S3" | "S4";
  readonly impact: "many" | "core" | "other";
  readonly urgency: "high" | "medium" | "low";
  readonly level: number;
  readonly category: string;
  readonly summary: string;
  readonly rfc: string;
  readonly evidence: string;
  readonly reason?: string | null;
}

export interface Extend {
  readonly ref: string;
  readonly type: "extend";
  readonly conversation: number;
}

export interface Assign {
  readonly ref: string;
  readonly type: "assign";
  readonly conversation: number;
  readonly agent: number;
}

export interface TakeOver {
  readonly ref: string;
  readonly type: "take_over";
  readonly conversation: number;
}

export interface SetCapacity {
  readonly ref: string;
  readonly type: "set_capacity";
  readonly agent: number;
  readonly capacity: number;
}

export interface TicketForm {
  readonly severity: "S1" | "S2" | "S3" | "S4" | null;
  readonly impact: "many" | "core" | "other" | null;
  readonly urgency: "high" | "medium" | "low" | null;
  readonly category: string | null;
  readonly summary: string | null;
  readonly rfc: string | null;
  readonly evidence: string | null;
  readonly evidence_files: readonly (number)[];
  readonly solution: string | null;
  readonly message: string | null;
  readonly question: string | null;
  readonly sizing: string | null;
  readonly reason: string | null;
  readonly diagnosis: string | null;
  readonly owner: number | null;
  readonly test_evidence: string | null;
  readonly release_from: string | null;
  readonly release_until: string | null;
  readonly version: string | null;
  readonly released_at: string | null;
  readonly no_deployment: boolean;
  readonly new_date: string | null;
  readonly cause: "duplicate" | "spam" | "withdrawn" | null;
  readonly duplicate_of: number | null;
}

export interface MoveTicket {
  readonly ref: string;
  readonly type: "move_ticket";
  readonly ticket: number;
  readonly move: "open" | "open_for_l1" | "open_for_l2" | "take" | "solve" | "pass_to_l2" | "size" | "return_to_l1" | "pass_to_l3" | "start_l3" | "return_to_l2" | "submit" | "fail_validation" | "validate" | "release" | "release_failed" | "confirm" | "ask_client" | "client_answered" | "remind" | "resolve_unanswered" | "reopen" | "close" | "follow_up" | "cancel" | "set_severity" | "propose_severity" | "set_owner" | "put_back";
  readonly form: TicketForm;
}

export interface ClaimTicket {
  readonly ref: string;
  readonly type: "claim_ticket";
  readonly ticket: number;
}

export interface SayOnTicket {
  readonly ref: string;
  readonly type: "say_on_ticket";
  readonly ticket: number;
  readonly client_message_id: string;
  readonly body: string;
  readonly note: boolean;
}

export interface LinkTicket {
  readonly ref: string;
  readonly type: "link_ticket";
  readonly ticket: number;
  readonly link: "duplicates" | "follows" | "causes";
  readonly other: number;
}

export interface TagTicket {
  readonly ref: string;
  readonly type: "tag_ticket";
  readonly ticket: number;
  readonly external_cause: boolean;
}

export interface GetMoves {
  readonly ref: string;
  readonly type: "get_moves";
  readonly ticket: number;
}

export interface FindTicket {
  readonly ref: string;
  readonly type: "find_ticket";
  readonly folio: string;
}

export interface Availability {
  readonly open: boolean;
  readonly message_first: boolean;
  readonly closes_at: string | null;
  readonly reopens_at: string | null;
  readonly zone: string;
}

export interface PortalCard {
  readonly name: string;
  readonly locale: string;
  readonly accent: string;
  readonly topics: readonly (string)[];
  readonly privacy_version: string;
  readonly privacy_url: string | null;
  readonly availability: Availability;
}

export interface VisitorView {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly rfc: string | null;
  readonly rfc_warning: string | null;
  readonly locale: string;
  readonly zone: string | null;
}

export interface VisitorWelcome {
  readonly ref: string;
  readonly type: "welcome";
  readonly epoch: string;
  readonly token: string;
  readonly portal: PortalCard;
  readonly visitor: VisitorView | null;
  readonly topic: string | null;
}

export interface AgentView {
  readonly id: number;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  readonly level: number;
  readonly teams: readonly (string)[];
  readonly languages: readonly (string)[];
  readonly capacity: number;
  readonly load: number;
  readonly state: "online" | "away" | "offline";
  readonly reason: string | null;
  readonly since: string;
  readonly left: boolean;
}

export interface DeskCard {
  readonly id: number;
  readonly name: string;
  readonly zone: string;
  readonly topic: string;
  readonly demo: boolean;
  readonly teams: readonly (string)[];
  readonly categories: readonly (string)[];
  readonly soon_wait: number;
  readonly late_wait: number;
}

export interface StaffWelcome {
  readonly ref: string;
  readonly type: "staff_welcome";
  readonly epoch: string;
  readonly agent: AgentView;
  readonly desks: readonly (DeskCard)[];
  readonly topics: readonly (string)[];
  readonly boards: readonly (string)[];
}

export interface TicketPublic {
  readonly folio: string;
  readonly state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly severity: "S1" | "S2" | "S3" | "S4";
  readonly provisional: boolean;
  readonly level: number;
  readonly first_reply_due: string;
  readonly update_due: string | null;
  readonly resolution_due: string | null;
  readonly first_replied_at: string | null;
}

export interface ConversationPublic {
  readonly id: number;
  readonly state: "queued" | "offered" | "active" | "wrap_up" | "closed" | "abandoned" | "missed" | "offline" | "escalated";
  readonly subject: string;
  readonly agent: string | null;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly visitor_seen: number;
  readonly agent_seen: number;
  readonly message_offered: boolean;
  readonly asked: boolean;
  readonly ticket: TicketPublic | null;
}

export interface Sender {
  readonly kind: "visitor" | "agent" | "system";
  readonly name: string;
}

export interface MessageEntry {
  readonly kind: "message";
  readonly seq: number;
  readonly at: string;
  readonly sender: Sender;
  readonly body: string;
  readonly client_message_id: string;
  readonly channel: "chat" | "mail" | "phone" | "page";
}

export interface ChangeEntry {
  readonly kind: "change";
  readonly seq: number;
  readonly at: string;
  readonly change: "queued" | "offered" | "answered" | "returned" | "message_offered" | "asked" | "extended" | "transferred" | "wrap_up" | "resumed" | "closed" | "abandoned" | "missed" | "left_message" | "escalated" | "ticket";
  readonly name: string | null;
  readonly cause: string | null;
}

export interface ConversationSnapshot {
  readonly kind: "conversation";
  readonly conversation: ConversationPublic;
  readonly entries: readonly (MessageEntry | ChangeEntry)[];
  readonly earlier: boolean;
}

export interface Person {
  readonly id: number;
  readonly name: string;
}

export interface TransferView {
  readonly to: string;
  readonly by: string;
  readonly note: string;
}

export interface Reason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface ConversationStaff {
  readonly id: number;
  readonly portal: number;
  readonly state: "queued" | "offered" | "active" | "wrap_up" | "closed" | "abandoned" | "missed" | "offline" | "escalated";
  readonly visitor: VisitorView;
  readonly page: string | null;
  readonly level: number;
  readonly team: string | null;
  readonly owner: Person | null;
  readonly transfer: TransferView | null;
  readonly reason: Reason | null;
  readonly alert: "none" | "nudge" | "supervisor";
  readonly returned: number;
  readonly extended: boolean;
  readonly joined_at: string;
  readonly offered_at: string | null;
  readonly first_replied_at: string | null;
  readonly disposition: "resolved" | "unresolved" | "spam" | null;
  readonly previous: number | null;
  readonly ticket_id: number | null;
}

export interface NoteEntry {
  readonly seq: number;
  readonly after: number;
  readonly at: string;
  readonly author: string;
  readonly body: string;
}

export interface FileView {
  readonly id: number;
  readonly note: boolean;
  readonly seq: number;
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly image: boolean;
}

export interface ContextSnapshot {
  readonly kind: "context";
  readonly conversation: ConversationStaff;
  readonly notes: readonly (NoteEntry)[];
  readonly files: readonly (FileView)[];
}

export interface ConversationSummary {
  readonly id: number;
  readonly state: "queued" | "offered" | "active" | "wrap_up" | "closed" | "abandoned" | "missed" | "offline" | "escalated";
  readonly subject: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly folio: string | null;
}

export interface VisitorSnapshot {
  readonly kind: "visitor";
  readonly visitor: VisitorView;
  readonly conversations: readonly (ConversationSummary)[];
}

export interface InboxItem {
  readonly conversation: number;
  readonly portal: number;
  readonly kind: "owner" | "transfer";
  readonly since: string;
}

export interface InboxSnapshot {
  readonly kind: "inbox";
  readonly items: readonly (InboxItem)[];
}

export interface AgentsSnapshot {
  readonly kind: "agents";
  readonly agents: readonly (AgentView)[];
}

export interface DeskRow {
  readonly id: number;
  readonly visitor: string;
  readonly subject: string;
  readonly language: string;
  readonly state: "queued" | "offered" | "active" | "wrap_up" | "closed" | "abandoned" | "missed" | "offline" | "escalated";
  readonly joined_at: string;
  readonly since: string;
  readonly owner: Person | null;
  readonly reason: Reason | null;
  readonly returned: number;
  readonly level: number;
  readonly team: string | null;
  readonly alert: "none" | "nudge" | "supervisor";
}

export interface TicketRow {
  readonly id: number;
  readonly folio: string;
  readonly conversation: number;
  readonly visitor: string;
  readonly summary: string;
  readonly severity: "S1" | "S2" | "S3" | "S4";
  readonly provisional: boolean;
  readonly level: number;
  readonly state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly origin: "escalated" | "missed" | "abandoned" | "offline" | "mail" | "phone" | "page" | "follow_up";
  readonly first_reply_due: string;
  readonly first_replied_at: string | null;
  readonly resolution_due: string | null;
  readonly created_at: string;
}

export interface DeskCounts {
  readonly day: string;
  readonly started: number;
  readonly answered: number;
  readonly closed: number;
  readonly escalated: number;
  readonly missed: number;
  readonly abandoned: number;
  readonly short: number;
  readonly offline: number;
}

export interface DeskSnapshot {
  readonly kind: "desk";
  readonly rows: readonly (DeskRow)[];
  readonly tickets: readonly (TicketRow)[];
  readonly counts: DeskCounts;
}

export interface ClientContact {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly rfc: string | null;
  readonly rfc_warning: string | null;
}

export interface ClockView {
  readonly clock: "first_reply" | "update" | "resolution";
  readonly due: string | null;
  readonly standing: "running" | "paused" | "met" | "breached" | "dropped";
}

export interface PauseView {
  readonly start: string;
  readonly end: string | null;
}

export interface BreachView {
  readonly clock: "first_reply" | "update" | "resolution";
  readonly due: string;
}

export interface LinkView {
  readonly kind: "duplicates" | "follows" | "causes";
  readonly back: boolean;
  readonly ticket: number;
  readonly folio: string;
}

export interface TicketView {
  readonly id: number;
  readonly folio: string;
  readonly version: number;
  readonly portal: number;
  readonly conversation: number;
  readonly channel: "chat" | "mail" | "phone" | "page";
  readonly origin: string;
  readonly client: ClientContact;
  readonly state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly since: string;
  readonly return_state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled" | null;
  readonly severity: "S1" | "S2" | "S3" | "S4";
  readonly provisional: boolean;
  readonly proposed: "S1" | "S2" | "S3" | "S4" | null;
  readonly impact: "many" | "core" | "other" | null;
  readonly urgency: "high" | "medium" | "low" | null;
  readonly level: number;
  readonly owner: Person | null;
  readonly category: string | null;
  readonly summary: string;
  readonly rfc: string | null;
  readonly evidence: string | null;
  readonly evidence_files: readonly (number)[];
  readonly external_cause: boolean;
  readonly sizing: string | null;
  readonly diagnosis: string | null;
  readonly test_evidence: string | null;
  readonly solution: string | null;
  readonly release_from: string | null;
  readonly release_until: string | null;
  readonly release_version: string | null;
  readonly released_at: string | null;
  readonly no_deployment: boolean;
  readonly planned_date: string | null;
  readonly cancel_cause: "duplicate" | "spam" | "withdrawn" | null;
  readonly returns: number;
  readonly reopened: number;
  readonly sla_start: string;
  readonly first_replied_at: string | null;
  readonly last_public_human_at: string | null;
  readonly resolved_at: string | null;
  readonly closed_at: string | null;
  readonly clocks: readonly (ClockView)[];
  readonly pauses: readonly (PauseView)[];
  readonly breaches: readonly (BreachView)[];
  readonly warned: number;
  readonly links: readonly (LinkView)[];
  readonly created_at: string;
}

export interface StepView {
  readonly number: number;
  readonly at: string;
  readonly by: string;
  readonly kind: "move" | "warned" | "linked" | "tagged";
  readonly move: "open" | "open_for_l1" | "open_for_l2" | "take" | "solve" | "pass_to_l2" | "size" | "return_to_l1" | "pass_to_l3" | "start_l3" | "return_to_l2" | "submit" | "fail_validation" | "validate" | "release" | "release_failed" | "confirm" | "ask_client" | "client_answered" | "remind" | "resolve_unanswered" | "reopen" | "close" | "follow_up" | "cancel" | "set_severity" | "propose_severity" | "set_owner" | "put_back" | null;
  readonly row: string | null;
  readonly before: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled" | null;
  readonly after: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly overrides: boolean;
  readonly reason: string | null;
  readonly notice: "opened" | "classified" | "solution" | "passed_to_l2" | "passed_to_l3" | "validated" | "new_date" | "question" | "reminder" | "unanswered" | "reopened" | "closed" | "followed" | "cancelled" | "severity_changed" | null;
  readonly task: "solved_by_l2" | "tell_client" | "severity_proposed" | null;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface TicketSnapshot {
  readonly kind: "ticket";
  readonly ticket: TicketView;
  readonly history: readonly (StepView)[];
}

export interface NextPromise {
  readonly clock: "first_reply" | "update" | "resolution";
  readonly due: string;
}

export interface BoardRow {
  readonly id: number;
  readonly folio: string;
  readonly portal: number;
  readonly conversation: number;
  readonly visitor: string;
  readonly summary: string;
  readonly severity: "S1" | "S2" | "S3" | "S4";
  readonly provisional: boolean;
  readonly proposed: "S1" | "S2" | "S3" | "S4" | null;
  readonly level: number;
  readonly state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly since: string;
  readonly owner: Person | null;
  readonly external_cause: boolean;
  readonly next: NextPromise | null;
  readonly warned: number;
  readonly created_at: string;
}

export interface BoardSnapshot {
  readonly kind: "board";
  readonly rows: readonly (BoardRow)[];
}

export interface MessageSent {
  readonly topic: string;
  readonly seq: number;
  readonly type: "message_sent";
  readonly entry: MessageEntry;
}

export interface ConversationChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "conversation_changed";
  readonly entry: ChangeEntry;
  readonly conversation: ConversationPublic;
}

export interface SeenMoved {
  readonly topic: string;
  readonly seq: number;
  readonly type: "seen_moved";
  readonly by: "visitor" | "agent";
  readonly upto: number;
}

export interface NoteAdded {
  readonly topic: string;
  readonly seq: number;
  readonly type: "note_added";
  readonly note: NoteEntry;
}

export interface FileAttached {
  readonly topic: string;
  readonly seq: number;
  readonly type: "file_attached";
  readonly file: FileView;
}

export interface ContextChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "context_changed";
  readonly conversation: ConversationStaff;
}

export interface VisitorChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "visitor_changed";
  readonly visitor: VisitorView;
}

export interface VisitorConversationChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "visitor_conversation_changed";
  readonly conversation: ConversationSummary;
}

export interface InboxAdded {
  readonly topic: string;
  readonly seq: number;
  readonly type: "inbox_added";
  readonly item: InboxItem;
}

export interface InboxRemoved {
  readonly topic: string;
  readonly seq: number;
  readonly type: "inbox_removed";
  readonly conversation: number;
  readonly cause: string;
}

export interface AgentChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "agent_changed";
  readonly agent: AgentView;
}

export interface DeskChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "desk_changed";
  readonly row: DeskRow;
  readonly counts: DeskCounts;
}

export interface DeskTicketChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "desk_ticket_changed";
  readonly ticket: TicketRow;
}

export interface TicketChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "ticket_changed";
  readonly ticket: TicketView;
  readonly steps: readonly (StepView)[];
}

export interface BoardChanged {
  readonly topic: string;
  readonly seq: number;
  readonly type: "board_changed";
  readonly row: BoardRow;
  readonly on: boolean;
}

export interface Subscribed {
  readonly ref: string;
  readonly type: "subscribed";
  readonly topic: string;
  readonly epoch: string;
  readonly head: number;
  readonly snapshot: ConversationSnapshot | ContextSnapshot | VisitorSnapshot | InboxSnapshot | AgentsSnapshot | DeskSnapshot | TicketSnapshot | BoardSnapshot | null;
  readonly events: readonly (MessageSent | ConversationChanged | SeenMoved | NoteAdded | FileAttached | ContextChanged | VisitorChanged | VisitorConversationChanged | InboxAdded | InboxRemoved | AgentChanged | DeskChanged | DeskTicketChanged | TicketChanged | BoardChanged)[];
}

export interface Done {
  readonly ref: string;
  readonly type: "done";
}

export interface ConversationStarted {
  readonly ref: string;
  readonly type: "conversation_started";
  readonly conversation: number;
  readonly topic: string;
  readonly visitor: VisitorView;
  readonly message_seq: number | null;
}

export interface MessageStored {
  readonly ref: string;
  readonly type: "message_stored";
  readonly conversation: number;
  readonly client_message_id: string;
  readonly seq: number;
  readonly at: string;
}

export interface TicketOpened {
  readonly ref: string;
  readonly type: "ticket_opened";
  readonly conversation: number;
  readonly topic: string;
  readonly ticket: TicketPublic;
}

export interface NeedView {
  readonly field: string;
  readonly instead: string | null;
  readonly only_for: "duplicate" | "spam" | "withdrawn" | null;
}

export interface OfferView {
  readonly move: "open" | "open_for_l1" | "open_for_l2" | "take" | "solve" | "pass_to_l2" | "size" | "return_to_l1" | "pass_to_l3" | "start_l3" | "return_to_l2" | "submit" | "fail_validation" | "validate" | "release" | "release_failed" | "confirm" | "ask_client" | "client_answered" | "remind" | "resolve_unanswered" | "reopen" | "close" | "follow_up" | "cancel" | "set_severity" | "propose_severity" | "set_owner" | "put_back";
  readonly to: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly needs: readonly (NeedView)[];
  readonly overrides: boolean;
}

export interface TicketMoved {
  readonly ref: string;
  readonly type: "ticket_moved";
  readonly ticket: number;
  readonly state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
  readonly moves: readonly (OfferView)[];
}

export interface TicketFound {
  readonly ref: string;
  readonly type: "ticket_found";
  readonly ticket: number;
  readonly folio: string;
  readonly visitor: string;
  readonly summary: string;
  readonly state: "new" | "l1_working" | "l2_queued" | "l2_working" | "l3_queued" | "l3_working" | "l3_validating" | "release_pending" | "released" | "waiting_client" | "resolved" | "closed" | "cancelled";
}

export interface Earlier {
  readonly ref: string;
  readonly type: "earlier";
  readonly conversation: number;
  readonly entries: readonly (MessageEntry | ChangeEntry)[];
  readonly earlier: boolean;
}

export interface CommandRefused {
  readonly ref: string;
  readonly type: "refused";
  readonly code: string;
  readonly message: string;
  readonly field: string | null;
  readonly retry_after: number | null;
}

export interface TypingChanged {
  readonly type: "typing_changed";
  readonly conversation: number;
  readonly by: "visitor" | "agent";
  readonly on: boolean;
}

export interface PresenceChanged {
  readonly type: "presence_changed";
  readonly conversation: number;
  readonly present: boolean;
}

export interface Wait {
  readonly low: number;
  readonly high: number;
}

export interface QueuePosition {
  readonly type: "queue_position";
  readonly conversation: number;
  readonly position: number | null;
  readonly wait: Wait | null;
}

export interface AvailabilityChanged {
  readonly type: "availability_changed";
  readonly availability: Availability;
}

export interface Heartbeat {
  readonly type: "heartbeat";
  readonly at: string;
  readonly heads: Readonly<Record<string, number>>;
}

export interface Unsubscribed {
  readonly type: "unsubscribed";
  readonly topic: string;
}

export interface Drain {
  readonly type: "drain";
  readonly delay: number;
}

export type VisitorCommand = VisitorHello | Subscribe | Unsubscribe | SendMessage | MarkSeen | Typing | EndConversation | GetEarlier | StartConversation | LeaveMessage | RateConversation;

export type StaffCommand = StaffHello | Subscribe | Unsubscribe | SendMessage | MarkSeen | Typing | EndConversation | GetEarlier | SetState | DeclineOffer | AddNote | Transfer | ReturnToQueue | Dispose | Escalate | Extend | Assign | TakeOver | SetCapacity | MoveTicket | ClaimTicket | SayOnTicket | LinkTicket | TagTicket | GetMoves | FindTicket;

export type Reply = VisitorWelcome | StaffWelcome | Subscribed | Done | ConversationStarted | MessageStored | TicketOpened | TicketMoved | TicketFound | Earlier | CommandRefused;

export type DurableEvent = MessageSent | ConversationChanged | SeenMoved | NoteAdded | FileAttached | ContextChanged | VisitorChanged | VisitorConversationChanged | InboxAdded | InboxRemoved | AgentChanged | DeskChanged | DeskTicketChanged | TicketChanged | BoardChanged;

export type EphemeralEvent = TypingChanged | PresenceChanged | QueuePosition | AvailabilityChanged | Heartbeat | Unsubscribed | Drain;

export type Snapshot = ConversationSnapshot | ContextSnapshot | VisitorSnapshot | InboxSnapshot | AgentsSnapshot | DeskSnapshot | TicketSnapshot | BoardSnapshot;
