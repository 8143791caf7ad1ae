import { mkdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { placesListedMax } from '../../src/imports/online-retail/places.js'
import type { Place } from '../../src/imports/online-retail/places.js'
import { readOnlineRetail } from '../../src/imports/online-retail/read-file.js'
import { csvLine, header, read, readable, temporaryFile, temporaryPath, today } from './support.js'
import type { Line } from './support.js'

const file = (...lines: readonly string[]): string => [header, ...lines, ''].join('\n')

const placesOf = async (content: string | Uint8Array): Promise<readonly Place[]> => {
  const source = await read(content)
  return source.readable ? [] : source.places
}

/** Line, column and code of each place, which is what a reader looks for. */
const marks = (places: readonly Place[]): string[] =>
  places.map(({ line, column, code }) => [line, ...(column ? [column] : []), code].join(' '))

describe('the file as a whole', () => {
  test('a file that is not there, or lies under a file, is named as missing', async () => {
    const missing = await temporaryPath()
    const inFile = `${await temporaryFile('')}/below`
    for (const path of [missing, inFile]) {
      const source = await readOnlineRetail(path, { today })
      expect(source).toMatchObject({
        readable: false,
        placesTotal: 1,
        places: [{ line: 0, code: 'file_not_found' }],
      })
    }
  })

  test('a directory, and what is no regular file, is refused without being opened', async () => {
    const path = await temporaryPath()
    await mkdir(path)
    const directory = await readOnlineRetail(path, { today })
    expect(directory).toMatchObject({ places: [{ code: 'file_is_a_directory' }] })
    const device = await readOnlineRetail('/dev/null', { today })
    expect(device).toMatchObject({ places: [{ code: 'file_not_readable' }] })
  })

  test('an empty file, and one of empty lines, has no header', async () => {
    expect(marks(await placesOf(''))).toEqual(['0 file_empty'])
    expect(marks(await placesOf('\n\r\n'))).toEqual(['1 file_empty'])
  })

  test('a header alone is a readable file of no lines', async () => {
    expect(await readable(header)).toMatchObject({ lines: 0, documents: [] })
  })

  test('a byte order mark of UTF-8, CRLF ends, empty lines and no last line end are all readable', async () => {
    const content = `\uFEFF${header}\r\n${csvLine({})}\r\n\r\n${csvLine({ no: '536366' })}`
    const source = await readable(content)
    expect(source.documents.map(({ number }) => number)).toEqual(['536365', '536366'])
    expect(source.documents[1]?.lines[0]).toMatchObject({ line: 4, country: 'United Kingdom' })
  })

  test('UTF-16 is noticed by name', async () => {
    const utf16 = Buffer.from(`\uFEFF${file(csvLine({}))}`, 'utf16le')
    expect(marks(await placesOf(utf16))).toEqual(['0 encoding_is_utf16'])
    expect(marks(await placesOf(utf16.swap16()))).toEqual(['0 encoding_is_utf16'])
  })

  test('every line that is not UTF-8 is listed with its byte, the others are judged on', async () => {
    const content = Buffer.concat([
      Buffer.from(file(csvLine({ description: 'good £ and \uFFFD' }))),
      Buffer.from(csvLine({ description: 'bad \uFFFD then ' }).replace(/,1,2010.*/, '')),
      Buffer.from([0xa3]),
      Buffer.from(`\n${csvLine({ quantity: 'x' })}\n`),
      Buffer.from([0xed, 0xa0, 0x80]),
    ])
    const places = await placesOf(content)
    expect(marks(places)).toEqual([
      '3 encoding_not_utf8',
      '4 Quantity value_malformed',
      '5 encoding_not_utf8',
    ])
    expect(places[0]?.message).toContain(`Byte ${content.indexOf('then ') + 5} `)
    expect(places[2]?.message).toContain(`Byte ${content.length - 3} `)
  })

  test('a line beyond the limit is one place, and the lines after it are judged', async () => {
    const long = 'x'.repeat(200_000)
    const start = Buffer.from(file(csvLine({ description: long }), csvLine({ price: 'y' })))
    const places = await placesOf(Buffer.concat([start, Buffer.from([0xff])]))
    expect(marks(places)).toEqual([
      '2 line_too_long',
      '3 UnitPrice value_malformed',
      '4 encoding_not_utf8',
    ])
    expect(places[2]?.message).toContain(`Byte ${start.length.toString()} `)
  })

  test('a file beyond the limit of lines is refused where it goes beyond', async () => {
    const path = await temporaryFile(file(csvLine({}), csvLine({}), csvLine({})))
    expect(await readOnlineRetail(path, { today, linesMax: 3 })).toMatchObject({ readable: true })
    expect(await readOnlineRetail(path, { today, linesMax: 2 })).toMatchObject({
      places: [{ line: 4, code: 'too_many_lines' }],
    })
  })

  test('so many places are listed, all are counted', async () => {
    const bad = Array.from({ length: placesListedMax + 5 }, () => csvLine({ quantity: '' }))
    const source = await read(file(...bad))
    expect(source).toMatchObject({ readable: false, placesTotal: placesListedMax + 5 })
    expect(source.readable ? [] : source.places).toHaveLength(placesListedMax)
  })

  test('the hash is of the bytes of the file', async () => {
    const { sha256 } = await readable(header)
    expect(sha256).toBe('d864fddd01ca94ae84296b9936a871ed1b8a32b96a96e3e93783fab9871984cf')
  })
})

describe('the header', () => {
  test('names its columns in any order, with quotes and spaces around', async () => {
    const content = [
      '"Country", CustomerID ,UnitPrice,InvoiceDate,Quantity,Description,StockCode,InvoiceNo',
      'Norway,12345,2.50,2010-12-01T08:26:30,3,"A ""B"", C",85123A,536365',
    ].join('\n')
    const source = await readable(content)
    expect(source.documents).toEqual([
      {
        number: '536365',
        lines: [
          {
            line: 2,
            stockCode: '85123A',
            description: 'A "B", C',
            quantity: 3n,
            at: '2010-12-01T08:26:30',
            unitPrice: 25_000n,
            customer: '12345',
            country: 'Norway',
          },
        ],
      },
    ])
  })

  test('missing, duplicate and unknown columns are all told, and nothing below is judged', async () => {
    const content = `${header.replace('Country', 'Quantity,Colour')}\nrubbish`
    expect(marks(await placesOf(content))).toEqual([
      '1 Quantity column_duplicate',
      '1 Colour column_unknown',
      '1 Country column_missing',
    ])
  })

  test('a header with an open quote is told as such', async () => {
    expect(marks(await placesOf(`"${header}\n`))).toEqual(['1 quotes_unbalanced'])
  })
})

describe('the lines', () => {
  test('a wrong number of fields and unbalanced quotes spoil their own line only', async () => {
    const content = file(
      csvLine({}).replace(',', ''),
      csvLine({ description: '"open' }),
      csvLine({ description: '"a"b' }),
      csvLine({ description: 'a"b' }),
      `${csvLine({})},`,
      csvLine({ description: '"a ""closed"" one, with a comma"' }),
    )
    expect(marks(await placesOf(content))).toEqual([
      '2 field_count_wrong',
      '3 quotes_unbalanced',
      '4 quotes_unbalanced',
      '5 quotes_unbalanced',
      '6 field_count_wrong',
    ])
  })

  test('all faults of a line are told', async () => {
    const line = csvLine({
      no: '1',
      code: '',
      quantity: '1.5',
      at: 'now',
      price: '1e3',
      country: '',
    })
    expect(marks(await placesOf(file(line)))).toEqual([
      '2 InvoiceNo value_malformed',
      '2 StockCode value_missing',
      '2 Quantity value_malformed',
      '2 InvoiceDate value_malformed',
      '2 UnitPrice value_malformed',
      '2 Country value_missing',
    ])
  })

  test.each<[string, Line, string]>([
    ['U+0000 in a name', { description: 'a\0b' }, 'Description control_character'],
    ['a tab at the end', { code: '22001\t' }, 'StockCode control_character'],
    ['a tab before a space', { code: '22001\t ' }, 'StockCode control_character'],
    ['a stray carriage return', { customer: '1\r2' }, 'CustomerID control_character'],
    ['a control character of Latin-1', { country: 'A\u0085' }, 'Country control_character'],
    ['three digits', { no: '123' }, 'InvoiceNo value_malformed'],
    ['two letters', { no: 'CC1234' }, 'InvoiceNo value_malformed'],
    ['a small letter', { no: 'c536365' }, 'InvoiceNo value_malformed'],
    ['a long number', { no: '1'.repeat(21) }, 'InvoiceNo value_too_long'],
    ['a long article', { code: 'x'.repeat(41) }, 'StockCode value_too_long'],
    ['a long description', { description: 'x'.repeat(201) }, 'Description value_too_long'],
    ['a long customer', { customer: '1'.repeat(41) }, 'CustomerID value_too_long'],
    ['a long country', { country: 'x'.repeat(61) }, 'Country value_too_long'],
    ['a signed quantity', { quantity: '+1' }, 'Quantity value_malformed'],
    ['a padded quantity', { quantity: '01' }, 'Quantity value_malformed'],
    ['a large quantity', { quantity: '1000001' }, 'Quantity value_out_of_range'],
    ['a large return', { quantity: '-1000001' }, 'Quantity value_out_of_range'],
    ['five decimals', { price: '0.00001' }, 'UnitPrice value_malformed'],
    ['a comma for a point', { price: '"1,50"' }, 'UnitPrice value_malformed'],
    ['a large price', { price: '1000000' }, 'UnitPrice value_out_of_range'],
    ['no such day', { at: '2011-02-29T10:00' }, 'InvoiceDate value_malformed'],
    ['no such month', { at: '2010-13-01T10:00' }, 'InvoiceDate value_malformed'],
    ['no such hour', { at: '2010-12-01T24:00' }, 'InvoiceDate value_malformed'],
    ['a date of another form', { at: '12/1/2010 8:26' }, 'InvoiceDate value_malformed'],
    ['a zone', { at: '2010-12-01T08:26Z' }, 'InvoiceDate value_malformed'],
    ['the day before the first', { at: '1999-12-31T10:00' }, 'InvoiceDate value_out_of_range'],
    ['tomorrow', { at: '2012-01-01T00:00' }, 'InvoiceDate date_in_the_future'],
  ])('%s is a place', async (_, line, mark) => {
    expect(marks(await placesOf(file(csvLine(line))))).toEqual([`2 ${mark}`])
  })

  test.each<[string, Line]>([
    ['an adjustment with a letter', { no: 'A563185' }],
    ['the longest texts', { code: 'x'.repeat(40), description: 'x'.repeat(200) }],
    ['the largest figures', { quantity: '-1000000', price: '-999999.9999' }],
    ['no description and no customer', { description: '', customer: '' }],
    ['text beyond ASCII', { description: 'CAFÉ £5 😀' }],
    ['the leap day of a century', { at: '2000-02-29T00:00' }],
    ['a leap day', { at: '2008-02-29T23:59:59' }],
    ['today', { at: `${today}T23:59` }],
    ['a negative price', { price: '-11062.06' }],
  ])('%s is readable', async (_, line) => {
    expect(await readable(file(csvLine(line)))).toMatchObject({ lines: 1 })
  })

  test('lines of one document may lie apart; documents stand in the order of their first lines', async () => {
    const numbers = ['536367', '536365', '536367', '536366', '536365']
    const source = await readable(file(...numbers.map((no) => csvLine({ no }))))
    expect(
      source.documents.map(({ number, lines }) => [number, lines.map(({ line }) => line)]),
    ).toEqual([
      ['536367', [2, 4]],
      ['536365', [3, 6]],
      ['536366', [5]],
    ])
  })
})
