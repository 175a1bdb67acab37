// Segment's library for Node, unchanged: another host is all that is set.
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: process.env.WRITE_KEY, host: process.env.SERVER, flushAt: 3 })
analytics.on('error', (error) => {
  console.error(error.code)
  process.exitCode = 1
})
analytics.page({ anonymousId: 'd-1', name: 'Home' })
analytics.identify({ userId: 'u-1', anonymousId: 'd-1', traits: JSON.parse(process.env.TRAITS) })
analytics.track({ userId: 'u-1', event: 'Product Added', properties: { product_id: 'AH-1001' } })
analytics.group({ userId: 'u-1', groupId: 'g-1' })
analytics.alias({ userId: 'u-1', previousId: 'd-0' })
await analytics.closeAndFlush({ timeout: 60000 })
