import { z } from 'zod'
import { idSchema, textSchema, timeSchema } from './fields.ts'
import { roleSchema } from './people.ts'
import { newStorySchema } from './rest.ts'

/** Sharing: with a person, by invitation to an address, by link. */

const email = z.email().max(320)
/** Roles that a link or an invitation can give. */
export const guestRoleSchema = z.enum(['editor', 'viewer'])
export type GuestRole = z.infer<typeof guestRoleSchema>

export const invitationSchema = z
  .object({
    id: idSchema,
    story_id: idSchema,
    email: z.string(),
    role: guestRoleSchema,
    invited_by: idSchema,
    expires_at: timeSchema,
    accepted_at: timeSchema.nullable(),
    created_at: timeSchema,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof invitationSchema>
/** With its token, which is told once: the link to send where there is no mail server. */
export const madeInvitationSchema = invitationSchema
  .extend({ link: z.string() })
  .meta({ id: 'MadeInvitation' })
export type MadeInvitation = z.infer<typeof madeInvitationSchema>
export const invitationListSchema = z.object({ invitations: z.array(invitationSchema), next: z.null() })

/** `POST …/share`: with somebody who has an account here, or with an address. */
export const shareSchema = z
  .union(
    [z.object({ user_id: idSchema, role: roleSchema }), z.object({ email, role: guestRoleSchema })],
    'needs a user_id with role owner, editor or viewer, or an email with role editor or viewer',
  )
  .meta({ id: 'Share' })
export const sharedSchema = z
  .object({ story_id: idSchema, user_id: idSchema, role: roleSchema, invited_by: idSchema })
  .meta({ id: 'Shared' })
export const invitedSchema = z.object({ invitation: madeInvitationSchema }).meta({ id: 'Invited' })

/** A passcode: said to the guests by another way than the link. */
const passcode = textSchema(200).refine((text) => text.trim().length >= 4, 'must have at least 4 characters')

export const newLinkSchema = z
  .object({
    role: guestRoleSchema.optional(),
    /** Hours until it ends; 7 days if left out. */
    expires_in_hours: z
      .int()
      .min(1)
      .max(24 * 365)
      .optional(),
    /** How many guests it lets in; 10 if left out. */
    max_uses: z.int().min(1).max(1_000).optional(),
    passcode: passcode.optional(),
  })
  .meta({ id: 'NewLink' })
export type NewLink = z.infer<typeof newLinkSchema>
export const linkChangesSchema = z
  .object({
    role: guestRoleSchema.optional(),
    enabled: z.boolean().optional(),
    expires_in_hours: z
      .int()
      .min(1)
      .max(24 * 365)
      .optional(),
    max_uses: z.int().min(1).max(1_000).optional(),
    passcode: passcode.nullish(),
  })
  .meta({ id: 'LinkChanges' })
export type LinkChanges = z.infer<typeof linkChangesSchema>
export const shareLinkSchema = z
  .object({
    id: idSchema,
    story_id: idSchema,
    role: guestRoleSchema,
    expires_at: timeSchema,
    max_uses: z.int(),
    uses: z.int(),
    has_passcode: z.boolean(),
    enabled: z.boolean(),
    created_by: idSchema,
    created_at: timeSchema,
  })
  .meta({ id: 'ShareLink' })
export type ShareLink = z.infer<typeof shareLinkSchema>
/** With its address, which is told once. */
export const madeLinkSchema = shareLinkSchema.extend({ link: z.string() }).meta({ id: 'MadeLink' })
export type MadeLink = z.infer<typeof madeLinkSchema>
export const linkListSchema = z.object({ links: z.array(shareLinkSchema), next: z.null() })

/** What a guest is called; as long as an account's name may be. */
const guestName = textSchema(80).refine((text) => text.trim().length > 0, 'must not be empty')

/** `POST /collaboration/join`: a link's token (the part after `/join#`), a guest's name, a passcode where it has one. */
export const joinSchema = z
  .object({
    token: z.string().min(1).max(200),
    /** Needed from who is not signed in. */
    name: guestName.optional(),
    passcode: z.string().max(200).optional(),
  })
  .meta({ id: 'Join' })
/** What a link or an invitation leads to, before it is used. */
export const doorSchema = z
  .object({
    kind: z.enum(['link', 'invitation']),
    story_title: z.string(),
    role: guestRoleSchema,
    needs_passcode: z.boolean(),
    expires_at: timeSchema,
  })
  .meta({ id: 'Door' })
export type Door = z.infer<typeof doorSchema>
export const joinedSchema = z
  .object({
    story_id: idSchema,
    role: roleSchema,
    user_id: idSchema,
    guest: z.boolean(),
    /** A new guest's session, for who takes no cookie of ours: `Authorization: Bearer …`. A browser of our own gets null and a cookie. */
    token: z.string().nullable(),
  })
  .meta({ id: 'Joined' })
export type Joined = z.infer<typeof joinedSchema>
/** `POST /collaboration/invitations/accept`, signed in. */
export const acceptSchema = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'Accept' })

/** `POST /collaboration/door` */
export const knockSchema = z.object({ token: z.string().min(1).max(200) }).meta({ id: 'Knock' })

/** `POST /api/auth/guest/account`, as a guest: makes an account of the same person. */
export const guestAccountSchema = z
  .object({ name: guestName.optional(), email, password: z.string() })
  .meta({ id: 'GuestAccount' })

/** `POST /collaboration/host/people`, with a host token: a person of an issuer, known by (`iss`, `sub`) alone. */
export const hostPersonSchema = z
  .object({ iss: textSchema(500).min(1), sub: textSchema(500).min(1), name: guestName })
  .meta({ id: 'HostPerson' })
export const hostPersonMadeSchema = z.object({ user_id: idSchema }).meta({ id: 'HostPersonMade' })
/** `POST /collaboration/host/stories/{id}/share`, with a host token. */
export const hostShareSchema = z.object({ user_id: idSchema, role: roleSchema }).meta({ id: 'HostShare' })
export const hostSharedSchema = z
  .object({ story_id: idSchema, user_id: idSchema, role: roleSchema })
  .meta({ id: 'HostShared' })
/** `POST /collaboration/host/stories`, with a host token. */
export const hostStorySchema = newStorySchema
  .omit({ project_id: true })
  .extend({ owner_user_id: idSchema })
  .meta({ id: 'HostStory' })
