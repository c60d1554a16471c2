export default function PeoplePanel() {
  return <p className="panel-empty">Nobody else is here.</p>
}
