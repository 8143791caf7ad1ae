import type { SomeRefusals } from './explanation.js'

/** Connected stores, and how far their orders are carried by themselves. */
export const INSTANCE_EXPLANATIONS = {
  instance_registered_already: {
    rows: ['L28'],
    rule: 'One store is one instance: its id follows from the platform and the address, however the address was written. Registered twice, every order of it would be booked twice.',
    members: { store: 'The id of the instance that the store is connected as.' },
    next: 'Use that instance. To change its settings or workflows use configure-instance.',
  },
  instance_not_registered: {
    rows: ['L28', 'L29'],
    rule: 'Settings, workflows and orders belong to a store that was connected before. There is no instance of this id.',
    members: { store: 'The id of the instance that was looked for.' },
    next: 'Connect the store with register-instance, or correct the id.',
  },
  instance_in_other_books: {
    rows: ['L1', 'L28'],
    rule: 'An instance belongs to one legal entity, and all its orders are booked there. The request names other books.',
    members: {
      store: 'The id of the instance.',
      books: 'The books that the instance belongs to.',
      given: 'The books that the request names.',
    },
    next: 'Name the books of the instance.',
  },
  workflow_named_twice: {
    rows: ['L28'],
    rule: 'A payment method has one workflow, so that an order is carried one way. The list names the method twice, and which of the two was meant is not guessed.',
    members: { paymentMethod: 'The payment method that stands there twice.' },
    next: 'Leave one of the two out. For every method that no workflow names there is `*`, once.',
  },
  workflow_needs_account: {
    rows: ['L28'],
    rule: 'A workflow that carries an order up to its payment books that payment, and must know over which account the money came. Workflows that stop earlier take none.',
    members: { paymentMethod: 'The payment method whose workflow is not complete.' },
    next: 'Give the workflow an `account`, or let it stop at the posted invoice.',
  },
  store_address_not_allowed: {
    rows: ['L28', 'S4'],
    rule: 'The address is where requests with the credentials of the store will go. It must be a plain web address of a host: no user name or password in it, no query, and no place that such requests must not reach.',
    members: { address: 'The address that was given.' },
    next: 'Give the address of the store as its platform shows it: `https://shop.example.com`, or at BigCommerce the API path, `https://api.bigcommerce.com/stores/abc123`. For a store in a private network name the network in FOLIO_STORE_NETWORKS.',
  },
} as const satisfies SomeRefusals
