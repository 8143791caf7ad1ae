/**
 * The currencies of ISO 4217 (active codes for money; no metals, no test codes) by their minor unit.
 * A list of our own, because what `Intl` says depends on the data that the runtime was built with.
 */
const CODES_BY_MINOR_UNIT: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD ' +
    'CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD ' +
    'HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD ' +
    'MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON ' +
    'RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD ' +
    'TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
}

const MINOR_UNIT_BY_CODE: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_MINOR_UNIT).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number.parseInt(digits, 10)] as const),
  ),
)

export function isCurrency(code: string): boolean {
  return MINOR_UNIT_BY_CODE.has(code)
}

/** Digits after the point: JPY 0, EUR 2, KWD 3. Throws for a code that ISO 4217 does not have. */
export function minorUnitDigits(currency: string): number {
  const digits = MINOR_UNIT_BY_CODE.get(currency)
  if (digits === undefined) throw new RangeError(`${currency} is no currency of ISO 4217`)
  return digits
}
