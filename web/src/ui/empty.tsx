/** Nothing is blank: what will come, and what to do. */

export function Empty({ title, hint }: { title: string; hint: string }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      <p>{hint}</p>
    </div>
  );
}
