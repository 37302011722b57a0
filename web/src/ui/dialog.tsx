/** A question in front of the page: the browser's own `<dialog>`, which keeps the focus, gives it back, and closes on Escape. */

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../core/words.ts";

interface Props {
  readonly title: string;
  readonly close: () => void;
  readonly wide?: boolean;
  readonly testid?: string;
  readonly children: ComponentChildren;
}

export function Dialog({ title, close, wide, testid, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => element.current?.showModal(), []);
  return (
    <dialog ref={element} class={wide ? "wide" : ""} aria-labelledby={id} data-testid={testid} onClose={close}>
      <div class="sheet">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface FormProps extends Props {
  readonly hint?: string;
  readonly confirm: string;
  readonly busy: boolean;
  readonly disabled?: boolean;
  /** Why it was refused. */
  readonly error: string | null;
  /** Somebody wrote something here, and it is still here after a refusal. */
  readonly written?: boolean;
  readonly submit: () => void;
}

/** A dialog that asks for something: what it is, its fields, why it was refused, and two buttons. */
export function FormDialog({ hint, confirm, busy, disabled, error, written, submit, children, ...dialog }: FormProps) {
  return (
    <Dialog {...dialog}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && !disabled) submit();
        }}
      >
        {hint && <p class="quiet">{hint}</p>}
        {children}
        <div role="alert">
          {error && (
            <p class="notice danger">
              <span>
                <strong>{error}</strong> {t(written ? "kept.form" : "kept.nothing_changed")}
              </span>
            </p>
          )}
        </div>
        <footer>
          <button type="button" class="button" onClick={dialog.close}>
            {t("cancel")}
          </button>
          <button type="submit" class="button primary" disabled={busy || disabled}>
            {confirm}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
