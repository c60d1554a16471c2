export default function Board() {
  return <p className="panel-empty">The board is empty.</p>
}
