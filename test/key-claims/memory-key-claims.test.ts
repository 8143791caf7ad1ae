import { memoryKeyClaims } from '../../src/key-claims/memory-key-claims.js'
import { keyClaimsContract } from './key-claims.contract.js'

keyClaimsContract('memory', () =>
  Promise.resolve({ claims: memoryKeyClaims(), close: () => Promise.resolve() }),
)
