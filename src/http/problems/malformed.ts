import type { SomeProblems } from './explanation.js'

/** What could not be read as a request, so that no rule of the ledger was asked. */
export const MALFORMED_EXPLANATIONS = {
  malformed_request: {
    rows: ['H2'],
    rule: 'Everything from outside is checked against the schema of its command before it is believed: a field that is missing, unknown, of another type, too long or not in its form. Nothing was decided, and the Idempotency-Key is not used up.',
    members: {
      errors:
        'Every place that does not fit: `pointer` is a JSON pointer into the body, `detail` says what is wrong there.',
    },
    next: 'Correct the places named. The OpenAPI document has the schema of every command; amounts are text with a currency, never numbers.',
  },
  malformed_json: {
    rows: ['H2'],
    rule: 'The body of a command is one JSON value as RFC 8259 has it: no comments, no trailing commas, no second value behind it, and not empty.',
    members: {
      detail: 'What was expected where.',
      line: 'The line of the body, counted from 1.',
      column: 'The column in that line, counted from 1.',
    },
    next: 'Write the body with a JSON library and compare what was sent byte by byte: a proxy or a shell may have changed the quotes.',
  },
  json_too_deep: {
    rows: ['H2'],
    rule: 'No command needs deep nesting, and a reader can be brought down by it, so arrays and objects within each other have a limit.',
    members: {
      pointer: 'A JSON pointer to where it became too deep.',
      depthMax: 'How many arrays and objects may be within each other.',
    },
    next: 'Send the body as the OpenAPI document describes it; a wrapper around it is not needed.',
  },
  json_key_doubled: {
    rows: ['H2'],
    rule: 'An object that names a key twice means two things, and most programs silently keep the last one. For amounts and accounts that is no choice to be made by accident.',
    members: { pointer: 'A JSON pointer to the key that came twice.' },
    next: 'Send each key once. Bodies put together from text are best written by a JSON library.',
  },
  json_too_many_members: {
    rows: ['H2'],
    rule: 'An object of a command has some dozens of members. One with thousands is a mistake or an attack, and naming all that are unknown would make the answer as large as the request.',
    members: {
      pointer: 'A JSON pointer to the object.',
      membersMax: 'How many members an object may have.',
    },
    next: 'Send the body as the OpenAPI document describes it. Lists of things are arrays, not objects by name.',
  },
  json_too_many_values: {
    rows: ['H2'],
    rule: 'Even a body within its size can hold hundreds of thousands of tiny values, which cost far more to check than to send. The longest document that is taken has far fewer.',
    members: {
      pointer: 'Empty: it is the body as a whole.',
      valuesMax: 'How many values the body may hold, at all depths together.',
    },
    next: 'Send the body as the OpenAPI document describes it; split a document that is too long into several.',
  },
  text_not_utf8: {
    rows: ['H2'],
    rule: 'Text is well-formed Unicode, sent as UTF-8. Bytes that are none could only be kept by replacing them, and a name would be stored that nobody sent.',
    members: {},
    next: 'Encode the body as UTF-8. A file in Latin-1 or Windows-1252 has to be converted first.',
  },
  malformed_query: {
    rows: ['H6'],
    rule: 'A list takes named filters and sizes, each once and each in its form. One that is unknown is refused and not passed over: a filter with a slip in its name would answer with everything.',
    members: {
      errors: 'Every parameter that does not fit: `pointer` names it, `detail` says what is wrong.',
    },
    next: 'Correct the parameters named. To go on in a list follow the address or the cursor that the last page gave, unchanged.',
  },
  malformed_path: {
    rows: ['H2'],
    rule: 'The address has a percent sign that begins no encoded UTF-8 character, so it is unclear what is asked for.',
    members: {},
    next: 'Encode ids and names as URI components before they are put into an address.',
  },
  malformed_http: {
    rows: ['H2'],
    rule: 'What came is not HTTP/1.1 as RFC 9112 has it, or says its own length in two ways. Where a request ends must be beyond doubt, or a proxy and this server could see two different ones. The connection is closed.',
    members: { detail: 'What could not be read, where it is known.' },
    next: 'Use an HTTP library, and look at proxies on the way. Plain HTTP is spoken here: TLS ends before it.',
  },
  headers_too_large: {
    rows: ['H2'],
    rule: 'The headers of a request are held in memory before anything of it is believed, so they have a largest size and number.',
    members: {
      bytesMax: 'How many bytes they may have together, where these were too many.',
      headersMax: 'How many headers there may be, where these were too many.',
    },
    next: 'Send fewer or shorter headers; cookies are not used here and can be left out.',
  },
  header_doubled: {
    rows: ['H2', 'H3'],
    rule: 'Headers that decide who asks, for what and under which key may stand once. Of two values one would have to be chosen, and a proxy may choose the other.',
    members: { header: 'The header that was sent more than once.' },
    next: 'Send the header once. If your client does, look at proxies on the way that add their own.',
  },
  idempotency_key_missing: {
    rows: ['H3'],
    rule: 'An answer can be lost on its way. With a key the same request can be sent again and is done once; without one a retry could pay twice. So every command carries one.',
    members: {},
    next: 'Send `Idempotency-Key` with a fresh random value, such as a UUID, for each thing you want done, and keep it until you have an answer.',
  },
  idempotency_key_malformed: {
    rows: ['H3'],
    rule: 'A key is one short piece of visible ASCII without blanks, so that it reaches the log exactly as it was sent and is found again. Quotation marks around it are part of it.',
    members: { lengthMax: 'How many characters a key may have.' },
    next: 'Use a UUID or another short random text.',
  },
  if_match_malformed: {
    rows: ['H4'],
    rule: 'If-Match names the one revision that the request was decided on. Several of them, a weak one or another text cannot be compared with where the documents stand.',
    members: { detail: 'How a revision is named.' },
    next: 'Send the `ETag` of the answer that you decided on, unchanged and with its quotes; or leave If-Match out.',
  },
  expectation_not_met: {
    rows: ['H2'],
    rule: 'The only expectation of RFC 9110 is `100-continue`. Another one is not understood, and a request that depends on it is not done without it.',
    members: {},
    next: 'Leave the Expect header out.',
  },
  request_too_slow: {
    rows: ['H2'],
    rule: 'Headers and body must arrive within a time, or a few slow connections could keep everybody else out. Nothing of this request was done, and the connection is closed.',
    members: {},
    next: 'Send the same request again on a new connection, with the same key. If the line is slow, send smaller documents.',
  },
  body_too_large: {
    rows: ['H2'],
    rule: 'The body of a request has a largest size, and what goes beyond it is not read: a server that takes anything can be filled up by anybody.',
    members: { bytesMax: 'How many bytes a body may have.' },
    next: 'Split the document into several, or shorten its texts.',
  },
  unsupported_media_type: {
    rows: ['H2'],
    rule: 'A command takes `application/json`, in UTF-8 as JSON is. Another type or character set is refused before it is read, for the same bytes mean something else in it.',
    members: { detail: 'What can be sent.' },
    next: 'Send `Content-Type: application/json`.',
  },
  unsupported_content_encoding: {
    rows: ['H2'],
    rule: 'Bodies are taken as they are. A compressed one could unpack to thousands of times its size.',
    members: {},
    next: 'Leave `Content-Encoding` out and send the body uncompressed.',
  },
} as const satisfies SomeProblems
