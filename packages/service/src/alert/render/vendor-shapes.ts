import { z } from 'zod'

/** What the vendors document that they take, with their limits: a message that is not so is refused by them. */

const length = (least: number, most: number) => z.string().min(least).max(most)

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const slackPlain = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: length(1, most), emoji: z.boolean().optional() })
const slackMrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: length(1, most), verbatim: z.boolean().optional() })
const slackText = (most: number) => z.union([slackPlain(most), slackMrkdwn(most)])

/** https://docs.slack.dev/reference/block-kit/blocks */
const slackBlock = z.union([
  z.strictObject({ type: z.literal('header'), text: slackPlain(150) }),
  z.strictObject({ type: z.literal('section'), text: slackText(3_000) }),
  z.strictObject({ type: z.literal('section'), fields: z.array(slackText(2_000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('context'), elements: z.array(slackText(3_000)).min(1).max(10) }),
  z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(
        z.strictObject({
          type: z.literal('button'),
          text: slackPlain(75),
          url: z.url().max(3_000),
          style: z.enum(['primary', 'danger']).optional(),
        }),
      )
      .min(1)
      .max(25),
  }),
])

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slackShape = z.strictObject({
  text: length(1, 40_000),
  blocks: z.array(slackBlock).min(1).max(50),
  unfurl_links: z.boolean(),
  unfurl_media: z.boolean(),
})

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const discordShape = z
  .strictObject({
    username: length(1, 80),
    allowed_mentions: z.strictObject({ parse: z.array(z.enum(['roles', 'users', 'everyone'])) }),
    embeds: z
      .array(
        z.strictObject({
          title: length(1, 256),
          url: z.url(),
          color: z.int().min(0).max(0xffffff),
          description: length(0, 4_096),
          timestamp: z.iso.datetime(),
          fields: z
            .array(z.strictObject({ name: length(1, 256), value: length(1, 1_024), inline: z.boolean() }))
            .max(25),
        }),
      )
      .min(1)
      .max(10),
  })
  .refine(
    ({ embeds }) =>
      embeds
        .flatMap(({ title, description, fields }) => [
          title,
          description,
          ...fields.flatMap(({ name, value }) => [name, value]),
        ])
        .join('').length <= 6_000,
    'all texts of the embeds come to at most 6,000 characters',
  )

/** https://adaptivecards.io/explorer, version 1.4 */
const textRun = z.strictObject({
  type: z.literal('TextRun'),
  text: length(1, 28_000),
  size: z.enum(['Small', 'Default', 'Medium', 'Large', 'ExtraLarge']).optional(),
  weight: z.enum(['Lighter', 'Default', 'Bolder']).optional(),
  color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']).optional(),
  isSubtle: z.boolean().optional(),
  fontType: z.enum(['Default', 'Monospace']).optional(),
})
const cardElement = z.union([
  z.strictObject({
    type: z.literal('RichTextBlock'),
    inlines: z.array(textRun).min(1),
    spacing: z.literal('None').optional(),
  }),
  z.strictObject({
    type: z.literal('FactSet'),
    facts: z.array(z.strictObject({ title: length(1, 200), value: length(1, 2_000) })).min(1),
  }),
])

/** https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
export const teamsShape = z
  .strictObject({
    type: z.literal('message'),
    attachments: z
      .array(
        z.strictObject({
          contentType: z.literal('application/vnd.microsoft.card.adaptive'),
          contentUrl: z.null(),
          content: z.strictObject({
            $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
            type: z.literal('AdaptiveCard'),
            version: z.enum(['1.2', '1.3', '1.4', '1.5']),
            msteams: z.strictObject({ width: z.literal('Full') }),
            body: z.array(cardElement).min(1),
            actions: z
              .array(
                z.strictObject({ type: z.literal('Action.OpenUrl'), title: length(1, 100), url: z.url() }),
              )
              .max(6),
          }),
        }),
      )
      .length(1),
  })
  .refine((card) => Buffer.byteLength(JSON.stringify(card)) <= 28 * 1024, 'a message has at most 28 KB')

/** https://developer.pagerduty.com/docs/events-api-v2/trigger-events */
export const pagerDutyShape = z.discriminatedUnion('event_action', [
  z.strictObject({
    routing_key: length(32, 32),
    event_action: z.literal('trigger'),
    dedup_key: length(1, 255),
    client: z.string(),
    client_url: z.url(),
    links: z.array(z.strictObject({ href: z.url(), text: z.string() })),
    payload: z.strictObject({
      summary: length(1, 1_024),
      source: length(1, 255),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      component: z.string(),
      group: z.string(),
      class: z.string(),
      custom_details: z.record(z.string(), z.unknown()),
    }),
  }),
  z.strictObject({
    routing_key: length(32, 32),
    event_action: z.literal('acknowledge'),
    dedup_key: length(1, 255),
  }),
  z.strictObject({
    routing_key: length(32, 32),
    event_action: z.literal('resolve'),
    dedup_key: length(1, 255),
  }),
])
