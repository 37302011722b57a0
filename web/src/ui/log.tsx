/** The scrolling room of a thread: it stays at the end while one reads there, and never jumps while one reads elsewhere. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t, tn } from "../core/words.ts";
import { Icon } from "./icon.tsx";

interface Place {
  /** Changes when the thread is another one: then it starts at the end. */
  readonly id: number;
  /** Changes when something was added at the end. */
  readonly last: string;
  /** Falls when something was added at the beginning. */
  readonly first: number;
  /** Told whenever the end is reached or left. */
  readonly atEnd?: (atEnd: boolean) => void;
}

interface Props extends Place {
  readonly label: string;
  readonly unread: number;
  readonly children: ComponentChildren;
}

export function Log({ label, unread, children, ...place }: Props) {
  const { element, away, look, toEnd } = usePlace(place);
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

/** So close to the end counts as there. */
const NEAR = 48;

function usePlace({ id, last, first, atEnd }: Place) {
  const element = useRef<HTMLDivElement>(null);
  const seen = useRef({ id: -1, first: -1, height: 0, follows: true });
  const away = useSignal(false);
  const look = (): void => {
    const log = element.current;
    if (!log) return;
    seen.current.follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    away.value = !seen.current.follows;
    atEnd?.(seen.current.follows);
  };
  const toEnd = (): void => {
    element.current?.scrollTo({ top: element.current.scrollHeight });
    look();
  };
  useLayoutEffect(() => {
    const log = element.current;
    if (!log) return;
    const before = seen.current;
    if (before.id !== id || before.follows) log.scrollTop = log.scrollHeight;
    else if (before.first > first) log.scrollTop += log.scrollHeight - before.height;
    seen.current = { id, first, height: log.scrollHeight, follows: before.follows };
    look();
  }, [id, last, first]);
  useLayoutEffect(() => {
    // The window or the line above may change its height: who was at the end stays there.
    const observer = new ResizeObserver(() => seen.current.follows && toEnd());
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return { element, away, look, toEnd };
}
