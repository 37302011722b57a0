/** The scrolling room of a thread: it stays at the end while one reads there, and never jumps while one reads elsewhere. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { t, tn } from "../core/words.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly label: string;
  /** Changes when the thread is another one: then it starts at the end. */
  readonly id: number;
  /** Changes when something was added at the end. */
  readonly last: number | string;
  /** Changes when something was added at the beginning. */
  readonly first: number;
  readonly unread: number;
  readonly atEnd?: (atEnd: boolean) => void;
  readonly children: ComponentChildren;
}

const NEAR = 48;

export function Log({ label, id, last, first, unread, atEnd, children }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const seen = useRef({ id: -1, first: -1, height: 0, follows: true });
  const away = useSignal(false);

  const look = (): void => {
    const log = element.current;
    if (!log) return;
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    seen.current.follows = follows;
    away.value = !follows;
    atEnd?.(follows);
  };

  useLayoutEffect(() => {
    const log = element.current;
    if (!log) return;
    const before = seen.current;
    const grewAbove = before.id === id && before.first > first;
    if (before.id !== id || before.follows) log.scrollTop = log.scrollHeight;
    else if (grewAbove) log.scrollTop += log.scrollHeight - before.height;
    seen.current = { id, first, height: log.scrollHeight, follows: before.follows };
    look();
  }, [id, last, first]);

  useLayoutEffect(() => {
    const log = element.current;
    if (!log) return;
    // The window or the banner above may change its height: who was at the end stays there.
    const observer = new ResizeObserver(() => {
      if (seen.current.follows) log.scrollTop = log.scrollHeight;
    });
    observer.observe(log);
    return () => observer.disconnect();
  }, []);

  const toEnd = (): void => {
    element.current?.scrollTo({ top: element.current.scrollHeight });
    look();
  };

  return (
    <div class="log">
      <div ref={element} class="scroller" role="log" aria-label={label} tabIndex={0} onScroll={look}>
        {children}
      </div>
      {away.value && (
        <button type="button" class="button small to-end" onClick={toEnd}>
          <Icon name="down" /> {unread > 0 ? tn("list.unread", unread) : t("thread.to_end")}
        </button>
      )}
    </div>
  );
}
