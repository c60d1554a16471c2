export default function ChatPanel() {
  return <p className="panel-empty">Nobody has said anything yet.</p>
}
