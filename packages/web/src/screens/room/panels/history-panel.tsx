export default function HistoryPanel() {
  return <p className="panel-empty">Nothing has changed yet.</p>
}
