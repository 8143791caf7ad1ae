import type { SomeRefusals } from './explanation.js'

/** Goods on their way to a customer. */
export const DELIVERY_EXPLANATIONS = {
  shipment_not_found: {
    rows: ['M2', 'M13'],
    rule: 'The id names no shipment of the sale that it belongs to. Numbers such as WH/OUT/00077 are for people and are no ids.',
    members: { shipment: 'The id that was looked for.' },
    next: 'Take the id from the answer of plan-shipment or validate-delivery, or from GET /shipments.',
  },
  shipment_not_planned: {
    rows: ['M7', 'M13'],
    rule: 'Only a planned shipment is validated or discarded. Goods that left have left, and a plan that was discarded is gone. Somebody, or an earlier request of your own, was first.',
    members: {
      shipment: 'The shipment that was named.',
      documentStatus: '`delivered` or `discarded`.',
    },
    next: 'Read the order with its shipments. If something is left to ship, plan another shipment.',
  },
  shipment_not_delivered: {
    rows: ['M13'],
    rule: 'A tracking number belongs to a parcel that is on its way. This shipment is only planned, or was discarded.',
    members: {
      shipment: 'The shipment that was named.',
      documentStatus: '`planned` or `discarded`.',
    },
    next: 'Validate the delivery first; tracking numbers that are known by then are given with it.',
  },
  quantity_exceeds_to_ship: {
    rows: ['M13', 'L2'],
    rule: 'An order is never shipped beyond what was ordered. Deliveries and the plans of other shipments count, so that no goods are promised twice. Another shipment of the order may have come between.',
    members: {
      line: 'The line of the order.',
      left: 'The quantity that can still be shipped of it; below zero where the order was lowered after the goods had left.',
      requested: 'The quantity that was given, or that the plan has.',
    },
    next: 'Ship at most what is left, or discard the plan that holds the quantity.',
  },
  line_not_shippable: {
    rows: ['M2', 'M13'],
    rule: 'Only goods are shipped. Charges such as shipping or fees, discounts and gift certificates are lines of an order too, and nothing of them goes into a parcel.',
    members: {
      line: 'The line of the order.',
      kind: 'What the line stands for; a line of kind `item` with a negative quantity or price is a discount.',
    },
    next: 'Leave the line out. Without lines everything that can be shipped is.',
  },
  nothing_left_to_ship: {
    rows: ['M13'],
    rule: 'Without lines in the request everything that is left is planned, and nothing is: all goods of the order were delivered or stand in a plan.',
    members: { order: 'The order that has nothing left to ship.' },
    next: 'Look at the shipments of the order. If a plan among them is not wanted, discard it and ask again.',
  },
  tracking_known_already: {
    rows: ['M13'],
    rule: 'A tracking number stands once on a shipment. A second time it would show the customer, and the platform, a parcel that there is not.',
    members: {
      shipment: 'The shipment that was named.',
      number: 'The tracking number that it has.',
    },
    next: 'Nothing, if it is the same parcel. Otherwise check the number.',
  },
} as const satisfies SomeRefusals
