import { memoryKeyClaims } from './memory-key-claims.js'
import { keyClaimsContract } from './key-claims.contract.js'

keyClaimsContract('memory', () =>
  Promise.resolve({ claims: memoryKeyClaims(), close: () => Promise.resolve() }),
)
