// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { Component, type ReactNode, useState } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Weave, WeaveContext } from '../provider/weave.ts'
import { LateDialog, latePart } from './late.tsx'
import { uiStrings } from './strings.ts'

const net = vi.hoisted(() => ({ isAway: true }))

/** The code of menus and dialogs, as the network brings it. */
const fetched = vi.hoisted(() => async (original: () => Promise<unknown>) => {
  if (net.isAway) throw new Error('The network is away.')
  return (await original()) as object
})
vi.mock('./menu-parts.tsx', fetched)
vi.mock('./modal-parts.tsx', fetched)

const { Menu, MenuItem } = await import('./menu.tsx')
const { Modal } = await import('./modal.tsx')

/** The code is really fetched, on a machine that may have much to do. */
const SLOW = { timeout: 20_000 }
const complain = vi.fn<(words: string) => void>()
const weave = { toasts: { say: () => {}, complain }, strings: {} } as unknown as Weave
const Frame = ({ children }: { readonly children: ReactNode }) => (
  <WeaveContext.Provider value={weave}>
    {children}
    <p>The rest of the page</p>
  </WeaveContext.Provider>
)

beforeEach(() => {
  net.isAway = true
  complain.mockClear()
  // React tells of each error that a boundary catches.
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const button = (name: string) => screen.getByRole('button', { name })
async function press(name: string) {
  act(() => button(name).focus())
  await act(async () => void fireEvent.click(button(name)))
}
const told = () => vi.waitFor(() => expect(complain).toHaveBeenCalledWith(uiStrings.notFetched), SLOW)

test('a menu whose code does not come says so and closes; the next press fetches it anew', async () => {
  render(
    <Menu trigger={<button type="button">More</button>}>
      <MenuItem onClick={() => {}}>Delete</MenuItem>
    </Menu>,
    { wrapper: Frame },
  )
  await press('More')
  await told()
  screen.getByText('The rest of the page')
  expect(button('More').getAttribute('aria-expanded')).toBe('false')
  expect(document.activeElement).toBe(button('More'))
  net.isAway = false
  await press('More')
  await screen.findByRole('menuitem', { name: 'Delete' }, SLOW)
  expect(complain).toHaveBeenCalledTimes(1)
})

function Opener() {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {isOpen ? 'Opened' : 'Open'}
      </button>
      <Modal open={isOpen} onOpenChange={setOpen} title="A dialog">
        Words
      </Modal>
    </>
  )
}

test('a dialog whose code does not come says so and closes; the next press fetches it anew', async () => {
  render(<Opener />, { wrapper: Frame })
  await press('Open')
  await told()
  screen.getByText('The rest of the page')
  net.isAway = false
  await press('Open')
  await screen.findByRole('dialog', { name: 'A dialog' }, SLOW)
  expect(complain).toHaveBeenCalledTimes(1)
})

class Outer extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError = () => ({ failed: true })
  override render() {
    return this.state.failed ? <p>Failed</p> : this.props.children
  }
}

test('an error of what came is no failure to fetch it', async () => {
  const Broken = (_props: { readonly open: boolean; readonly onOpenChange: (open: boolean) => void }) => {
    throw new Error('A defect.')
  }
  const part = latePart(async () => ({ default: Broken }))
  await act(async () => {
    render(
      <Outer>
        <LateDialog part={part} props={{ open: true, onOpenChange: () => {} }} />
      </Outer>,
      { wrapper: Frame },
    )
  })
  screen.getByText('Failed')
  expect(complain).not.toHaveBeenCalled()
})

test('a dialog that nobody closes is not fetched again and again', async () => {
  const load = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('The network is away.')))
  const part = latePart<{ readonly open: boolean; readonly onOpenChange: (open: boolean) => void }>(load)
  await act(async () => {
    render(<LateDialog part={part} props={{ open: true, onOpenChange: () => {} }} />, { wrapper: Frame })
  })
  await told()
  expect(load).toHaveBeenCalledTimes(1)
})
