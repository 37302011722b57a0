/** What a client holds of each topic, and the rules of the cursor. Pure: a frame in, the new topics out, and which
 *  of them must be asked for again. Only events and snapshots move a cursor; a reply never does. */

import type { DurableEvent, Snapshot, Subscribed } from "./wire.ts";

export interface TopicState {
  readonly epoch: string;
  readonly head: number;
  readonly snapshot: Snapshot;
}

export type Topics = ReadonlyMap<string, TopicState>;

export type Apply = (snapshot: Snapshot, event: DurableEvent) => Snapshot;

export interface Outcome {
  readonly topics: Topics;
  /** Topics that lack something: subscribe to them again, from where they are. */
  readonly ask: readonly string[];
}

/** A snapshot starts the topic afresh; a tail goes on from what is held, and is useless to who holds nothing like it. */
export function receiveSubscribed(topics: Topics, frame: Subscribed, apply: Apply): Outcome {
  const { topic, epoch, head, snapshot } = frame;
  if (snapshot) return { topics: new Map(topics).set(topic, { epoch, head, snapshot }), ask: [] };
  const held = topics.get(topic);
  if (!held || held.epoch !== epoch || head < held.head) return { topics: without(topics, topic), ask: [topic] };
  return frame.events.reduce<Outcome>((outcome, event) => receiveEvent(outcome.topics, event, apply), {
    topics,
    ask: [],
  });
}

/** Applies the next event, drops what is known, and asks when something is missing in between. */
export function receiveEvent(topics: Topics, event: DurableEvent, apply: Apply): Outcome {
  const held = topics.get(event.topic);
  if (!held || event.seq <= held.head) return { topics, ask: [] };
  if (event.seq > held.head + 1) return { topics, ask: [event.topic] };
  const next = { ...held, head: event.seq, snapshot: apply(held.snapshot, event) };
  return { topics: new Map(topics).set(event.topic, next), ask: [] };
}

/** The topics whose last event was lost: the server's head is ahead of ours. */
export function behind(topics: Topics, heads: Readonly<Record<string, number>>): string[] {
  return Object.keys(heads).filter((topic) => heads[topic]! > (topics.get(topic)?.head ?? Infinity));
}

export function without(topics: Topics, topic: string): Topics {
  const rest = new Map(topics);
  rest.delete(topic);
  return rest;
}
