export { PeoplePanel, type PeoplePanelProps } from './people-panel.tsx'
export { ShareDialog, type ShareDialogProps } from './share-dialog.tsx'
export { type SharingStrings, sharingStrings } from './strings.ts'
