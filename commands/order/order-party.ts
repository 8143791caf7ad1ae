import { v5 as uuidv5 } from 'uuid'

/** As the platform names whoever bought: by its own id, or a guest by e-mail. */
type Buyer = Readonly<{
  instance: string
  customer?: Readonly<{ id: string }> | undefined
  billTo: Readonly<{ email?: string | undefined }> | null
}>

/**
 * A party is known by instance and platform id, a guest by e-mail (L26): the same buyer is the same party, without a
 * look-up. `null`: a sale without a customer, whose credits cannot be allocated.
 */
export function buyingParty({ instance, customer, billTo }: Buyer): string | null {
  if (customer !== undefined) return uuidv5(`customer ${customer.id}`, instance)
  const email = billTo?.email?.trim().toLowerCase() ?? ''
  return email === '' ? null : uuidv5(`guest ${email}`, instance)
}
