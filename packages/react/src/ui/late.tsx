import {
  Component,
  type ComponentType,
  createElement,
  lazy,
  type ReactNode,
  Suspense,
  useContext,
  useState,
} from 'react'
import { useStrings } from '../provider/strings.ts'
import { WeaveContext } from '../provider/weave.ts'
import { uiStrings } from './strings.ts'

/** Code that is fetched when it is needed first. */
export interface LatePart<Props extends object> {
  readonly fetchEarly: () => void
  /** The component, there or on its way. */
  readonly newest: () => ComponentType<Props>
  /** This one did not come: the next is fetched anew. */
  readonly failed: (which: ComponentType<Props>) => void
}

/** Tells code that did not come from an error in what came. */
class NotFetched extends Error {}

export function latePart<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LatePart<Props> {
  const fetched = () =>
    load().catch((cause: unknown) => {
      throw new NotFetched('A part of the page could not be fetched.', { cause })
    })
  // A lazy component keeps its rejection for ever; it takes the properties of what comes.
  const make = () => lazy(fetched) as unknown as ComponentType<Props>
  let current = make()
  return {
    // Whoever really needs it is told that it did not come.
    fetchEarly: () => void load().catch(() => {}),
    newest: () => current,
    failed: (which) => {
      if (which === current) current = make()
    },
  }
}

interface LateProps<Props extends object> {
  readonly part: LatePart<Props>
  readonly props: Props
  /** Until its code is there. */
  readonly fallback?: ReactNode
  /** Its code did not come, which was said: take this away, and show it anew where it is wanted again. */
  readonly onFailed: () => void
}

/** A part whose code comes when it is shown. Where it can't be fetched, the rest of the page goes on. */
export function Late<Props extends object>({ part, props, fallback, onFailed }: LateProps<Props>) {
  const [content] = useState(() => ({ type: part.newest() }))
  const toasts = useContext(WeaveContext)?.toasts
  const words = useStrings('ui', uiStrings)
  const fail = () => {
    part.failed(content.type)
    toasts?.complain(words.notFetched)
    onFailed()
  }
  return (
    <FetchBoundary onFailed={fail}>
      <Suspense fallback={fallback}>{createElement(content.type, props)}</Suspense>
    </FetchBoundary>
  )
}

interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

interface LateDialogProps<Props extends DialogProps> {
  readonly part: LatePart<Props>
  readonly props: Props
}

/** A dialog whose code comes when it is opened first. Where it can't be fetched, it closes. */
export function LateDialog<Props extends DialogProps>({ part, props }: LateDialogProps<Props>) {
  const [stage, setStage] = useState<'unused' | 'used' | 'failed'>('unused')
  const { open, onOpenChange } = props
  if (open && stage === 'unused') setStage('used')
  if (!open && stage === 'failed') setStage('unused')
  if (stage !== 'used') return null
  const fail = () => {
    setStage('failed')
    onOpenChange(false)
  }
  return <Late part={part} props={props} onFailed={fail} />
}

interface BoundaryProps {
  readonly onFailed: () => void
  readonly children: ReactNode
}

/** Errors of what came go on to whoever catches those. */
class FetchBoundary extends Component<BoundaryProps, { readonly caught?: { readonly error: unknown } }> {
  override state: { readonly caught?: { readonly error: unknown } } = {}

  static getDerivedStateFromError(error: unknown) {
    return { caught: { error } }
  }

  override componentDidCatch(error: unknown) {
    if (error instanceof NotFetched) this.props.onFailed()
  }

  override render() {
    const { caught } = this.state
    if (caught === undefined) return this.props.children
    if (caught.error instanceof NotFetched) return null
    throw caught.error
  }
}
