/** The lines of a thread as they are drawn: messages, notes that look like notes, one quiet line an event, own words on their way. */

import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import type { FileView, MessageEntry, NoteEntry } from "../../../widget/src/core/wire.ts";
import { placeFiles, placeOf } from "../core/files.ts";
import { splitLinks } from "../core/links.ts";
import { sayCause } from "../core/reasons.ts";
import type { Line, SaidChange } from "../core/thread.ts";
import { dayName } from "../core/times.ts";
import { t } from "../core/words.ts";
import type { Key } from "../core/words.ts";
import { status } from "../live/live.ts";
import type { Bubble } from "../live/outbox.ts";
import { Attached } from "./file.tsx";
import { Icon } from "./icon.tsx";
import { Clock, Zone } from "./times.tsx";

interface Props {
  readonly lines: readonly Line[];
  readonly files: readonly FileView[];
  readonly pending: readonly Bubble[];
  /** How far the client has read. */
  readonly visitorSeen: number;
}

export function ThreadLines({ lines, files, pending, visitorSeen }: Props) {
  const placed = placeFiles(files);
  return (
    <ol class="thread">
      {lines.map((line) => (
        <ThreadLine key={line.key} line={line} file={fileOf(line, placed)} visitorSeen={visitorSeen} />
      ))}
      {pending.map((bubble) => (
        <Pending key={bubble.command.client_message_id} bubble={bubble} />
      ))}
    </ol>
  );
}

function fileOf(line: Line, placed: ReadonlyMap<string, FileView>): FileView | undefined {
  if (line.kind === "note") return placed.get(placeOf(true, line.note.seq));
  return line.kind === "message" ? placed.get(placeOf(false, line.entry.seq)) : undefined;
}

interface LineProps {
  readonly line: Line;
  readonly file: FileView | undefined;
  readonly visitorSeen: number;
}

function ThreadLine({ line, file, visitorSeen }: LineProps) {
  switch (line.kind) {
    case "day":
      return <DayLine at={line.at} />;
    case "new":
      return <li class="event new">{t("thread.new")}</li>;
    case "change":
      return <ChangeLine entry={line.entry} />;
    case "note":
      return <NoteLine note={line.note} first={line.first} file={file} />;
    case "message":
      return <MessageLine entry={line.entry} first={line.first} seen={line.entry.seq <= visitorSeen} file={file} />;
  }
}

function DayLine({ at }: { at: string }) {
  return (
    <li class="event day">
      <time dateTime={at}>{dayName(at, useContext(Zone))}</time>
    </li>
  );
}

function ChangeLine({ entry }: { entry: SaidChange }) {
  const cause = sayCause(entry.cause);
  return (
    <li class="event" data-seq={entry.seq}>
      {t(`change.${entry.change}`, { name: entry.name ?? t("someone") })}
      {cause && `: ${cause}`} · <Clock at={entry.at} />
    </li>
  );
}

type Sent = Pick<LineProps, "file"> & { readonly first: boolean };

function NoteLine({ note, first, file }: Sent & { note: NoteEntry }) {
  return (
    <li class="message note">
      {first && (
        <Who name={note.author}>
          <Icon name="note" /> {t("thread.note")} <Clock at={note.at} />
        </Who>
      )}
      {note.body !== file?.name && <Body text={note.body} />}
      {file && <Attached file={file} />}
    </li>
  );
}

const SIDE = { visitor: "client", agent: "staff", system: "system" } as const;

/** Words that only repeat the name of their file are not said twice. */
function MessageLine({ entry, first, seen, file }: Sent & { entry: MessageEntry; seen: boolean }) {
  const { kind, name } = entry.sender;
  const mark = kind === "agent" && <Mark state={seen ? "seen" : "stored"} />;
  return (
    <li class={`message ${SIDE[kind]}`} data-seq={entry.seq}>
      {first && (
        <Who name={kind === "system" ? t("thread.system") : name}>
          <Clock at={entry.at} />
          {entry.channel !== "chat" && ` · ${t(`channel.${entry.channel}`)}`}
        </Who>
      )}
      {entry.body !== file?.name && <Body text={entry.body}>{mark}</Body>}
      {file && <Attached file={file} />}
    </li>
  );
}

function Pending({ bubble: { command, stored } }: { bubble: Bubble }) {
  return (
    <li class={`message ${command.type === "add_note" ? "note" : "staff"}`} data-pending>
      <Body text={command.body}>
        <Mark state={stored ? "stored" : status.value === "open" ? "sending" : "waiting"} />
      </Body>
    </li>
  );
}

function Who({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <header class="who">
      <b>{name}</b>
      <span>{children}</span>
    </header>
  );
}

function Body({ text, children }: { text: string; children?: ComponentChildren }) {
  return (
    <p class="body">
      {splitLinks(text).map(({ text: words, href }) =>
        href === null ? (
          words
        ) : (
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {words}
          </a>
        ),
      )}
      {children}
    </p>
  );
}

const MARKS = { waiting: "clock", sending: "clock", stored: "check", seen: "checks" } as const;

/** A small mark that stays with the last word, and its own word for who does not see it. */
function Mark({ state }: { state: keyof typeof MARKS }) {
  const word = t(`mark.${state}` satisfies Key);
  return (
    <>
      {"\u00a0"}
      <span class="mark" data-mark={state} title={word}>
        <Icon name={MARKS[state]} />
        <span class="visually-hidden">{word}</span>
      </span>
    </>
  );
}
