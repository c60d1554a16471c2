export default function CommentsPanel() {
  return <p className="panel-empty">Nobody has said anything about the text yet.</p>
}
