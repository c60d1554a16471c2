/** Shown only when waiting takes long enough to be noticed (the style delays it). */
export function Waiting({ what }: { readonly what: string }) {
  return (
    <div className="sw-waiting" role="status">
      {what}
    </div>
  )
}
