/** What an event does to a snapshot, for every topic a console follows: pure, and equal to what a fresh snapshot would say. */

import { applyEvent as applyShared } from "../../../widget/src/core/apply.ts";
import type {
  AgentsSnapshot,
  BoardSnapshot,
  ContextSnapshot,
  DeskSnapshot,
  DurableEvent,
  InboxSnapshot,
  Snapshot,
  TicketSnapshot,
} from "../../../widget/src/core/wire.ts";
import { compareInstants } from "./instants.ts";
import { bySoonest } from "./soonest.ts";

const DESK_TICKETS = 20;
const OPEN: ReadonlySet<string> = new Set(["queued", "offered", "active", "wrap_up"]);

/** The snapshot after the event. An event of another topic's kind changes nothing. */
export function applyEvent(snapshot: Snapshot, event: DurableEvent): Snapshot {
  switch (snapshot.kind) {
    case "context":
      return applyToContext(snapshot, event);
    case "inbox":
      return applyToInbox(snapshot, event);
    case "agents":
      return applyToAgents(snapshot, event);
    case "desk":
      return applyToDesk(snapshot, event);
    case "ticket":
      return applyToTicket(snapshot, event);
    case "board":
      return applyToBoard(snapshot, event);
    default:
      return applyShared(snapshot, event);
  }
}

function applyToContext(snapshot: ContextSnapshot, event: DurableEvent): ContextSnapshot {
  switch (event.type) {
    case "note_added":
      return { ...snapshot, notes: [...snapshot.notes, event.note] };
    case "file_attached":
      return { ...snapshot, files: [...snapshot.files, event.file] };
    case "context_changed":
      return { ...snapshot, conversation: event.conversation };
    default:
      return snapshot;
  }
}

function applyToInbox(snapshot: InboxSnapshot, event: DurableEvent): InboxSnapshot {
  switch (event.type) {
    case "inbox_added": {
      const others = snapshot.items.filter((item) => item.conversation !== event.item.conversation);
      const items = [...others, event.item].sort(
        (one, other) => compareInstants(one.since, other.since) || one.conversation - other.conversation,
      );
      return { ...snapshot, items };
    }
    case "inbox_removed":
      return { ...snapshot, items: snapshot.items.filter((item) => item.conversation !== event.conversation) };
    default:
      return snapshot;
  }
}

function applyToAgents(snapshot: AgentsSnapshot, event: DurableEvent): AgentsSnapshot {
  if (event.type !== "agent_changed") return snapshot;
  return { ...snapshot, agents: put(snapshot.agents, event.agent).filter((agent) => !agent.left) };
}

function applyToDesk(snapshot: DeskSnapshot, event: DurableEvent): DeskSnapshot {
  switch (event.type) {
    case "desk_changed": {
      const rows = put(snapshot.rows, event.row).filter((row) => OPEN.has(row.state));
      return { ...snapshot, rows, counts: event.counts };
    }
    case "desk_ticket_changed": {
      const tickets = put(snapshot.tickets, event.ticket)
        .sort((one, other) => compareInstants(other.created_at, one.created_at) || other.id - one.id)
        .slice(0, DESK_TICKETS);
      return { ...snapshot, tickets };
    }
    default:
      return snapshot;
  }
}

function applyToTicket(snapshot: TicketSnapshot, event: DurableEvent): TicketSnapshot {
  if (event.type !== "ticket_changed") return snapshot;
  return { ...snapshot, ticket: event.ticket, history: [...snapshot.history, ...event.steps] };
}

function applyToBoard(snapshot: BoardSnapshot, event: DurableEvent): BoardSnapshot {
  if (event.type !== "board_changed") return snapshot;
  const others = snapshot.rows.filter((row) => row.id !== event.row.id);
  return { ...snapshot, rows: (event.on ? [...others, event.row] : others).sort(bySoonest) };
}

/** A new list with `row` in place of the one with its id, or inserted, by id. */
function put<Row extends { readonly id: number }>(rows: readonly Row[], row: Row): Row[] {
  return [...rows.filter((each) => each.id !== row.id), row].sort((one, other) => one.id - other.id);
}
