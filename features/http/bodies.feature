Feature: Request bodies
  How JSON of clients is decoded. The same rules hold for every endpoint
  that takes a body; a session's update stands for all of them here.

  @LL-HTTP-040 @must @odd-input
  Rule: A body that is not JSON is refused
    Nothing is changed by it.
    Sources: RFC 9110 §15.5.1; Lavalink docs, api/rest.md "Error Responses"; docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-040.a @twin
    Scenario: A body that is JSON
      Given a connected client
      When the client updates the session with {"timeout": 7}
      Then the answer is 200
      And the answer contains {"timeout": 7}

    @LL-HTTP-040.b
    Scenario Outline: A body that is "<case>"
      Given a connected client
      And the client updates the session with {"timeout": 9}
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is a refusal
      When the client updates the session with {}
      Then the answer contains {"timeout": 9}

      Examples:
        | case       | body            |
        | open       | {               |
        | unclosed   | {"timeout": 7   |
        | word       | garbage         |
        | novalue    | {"timeout":}    |

  @LL-HTTP-078 @observed
  Rule: A body with a comma too many, or with more behind it, is refused
    Lenient readers take both, which harms no client.
    Sources: docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-078.a
    Scenario Outline: A body with "<case>"
      Given a connected client
      And the client updates the session with {"timeout": 9}
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is a refusal
      When the client updates the session with {}
      Then the answer contains {"timeout": 9}

      Examples:
        | case       | body            |
        | comma      | {"timeout": 7,} |
        | more       | {"timeout": 7} x |

  @LL-HTTP-041 @observed @odd-input
  Rule: A body of another type than an object is refused
    Every body but the list of encoded tracks is an object.
    Sources: RFC 9110 §15.5.1; Lavalink docs, api/rest.md "Update Session"; docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-041.a @twin
    Scenario: An object
      Given a connected client
      When the client updates the session with {}
      Then the answer is 200

    @LL-HTTP-041.b
    Scenario Outline: A body that is "<case>"
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is a refusal

      Examples:
        | case    | body |
        | array   | []   |
        | string  | "a"  |
        | number  | 1    |
        | boolean | true |
        | null    | null |

  @LL-HTTP-042 @observed @odd-input
  Rule: A field of the wrong type is refused
    The whole body is refused, its sound fields too.
    Sources: RFC 9110 §15.5.1; Lavalink docs, api/rest.md "Update Session"; docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-042.a @twin
    Scenario: Fields of the right types
      Given a connected client
      When the client updates the session with {"resuming": false, "timeout": 7}
      Then the answer is 200
      And the answer contains {"resuming": false, "timeout": 7}

    @LL-HTTP-042.b
    Scenario Outline: A field that is "<case>"
      Given a connected client
      And the client updates the session with {"resuming": false, "timeout": 9}
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is a refusal
      When the client updates the session with {}
      Then the answer contains {"resuming": false, "timeout": 9}

      Examples:
        | case           | body                                  |
        | text-timeout   | {"timeout": "soon"}                   |
        | array-timeout  | {"timeout": [7]}                      |
        | object-timeout | {"timeout": {}}                       |
        | yes            | {"resuming": "yes", "timeout": 7}     |
        | array-resuming | {"resuming": [true], "timeout": 7}    |
        | after          | {"timeout": 7, "resuming": "yes"}     |

  @LL-HTTP-043 @observed @odd-input
  Rule: null where a field cannot be null is refused
    Leaving a field out and sending null are different things.
    Sources: Lavalink docs, api/index.md "Reference"; Lavalink docs, api/rest.md "Update Session"; docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-043.a @twin
    Scenario: The field left out
      Given a connected client
      When the client updates the session with {"timeout": 7}
      Then the answer is 200
      And the answer contains {"timeout": 7}

    @LL-HTTP-043.b
    Scenario Outline: <case> is null
      Given a connected client
      And the client updates the session with {"resuming": false, "timeout": 9}
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is a refusal
      When the client updates the session with {}
      Then the answer contains {"resuming": false, "timeout": 9}

      Examples:
        | case     | body                              |
        | resuming | {"resuming": null, "timeout": 7}  |
        | timeout  | {"resuming": false, "timeout": null} |

  @LL-HTTP-044 @should @odd-input
  Rule: Fields that the server does not know are ignored
    A newer client can talk to an older server.
    Sources: docs/observed/http.md#bodies; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-044.a
    Scenario Outline: The unknown field "<case>"
      Given a connected client
      When the client updates the session with <body>
      Then the answer is 200
      And the answer contains {"resuming": false, "timeout": 7}

      Examples:
        | case   | body                                                   |
        | number | {"unknown": 1, "timeout": 7}                           |
        | null   | {"unknown": null, "timeout": 7}                        |
        | object | {"unknown": {"resuming": true, "a": [1]}, "timeout": 7} |
        | case   | {"Resuming": true, "timeout": 7}                       |
        | old    | {"resumingKey": "abc", "timeout": 7}                   |

  @LL-HTTP-045 @observed @odd-input
  Rule: Numbers and booleans are accepted in quotes
    Clients in languages without types send them so.
    Sources: docs/observed/http.md#numbers-and-booleans; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-045.a
    Scenario Outline: <case> in quotes
      Given a connected client
      When the client updates the session with <body>
      Then the answer is 200
      And the answer is <result>

      Examples:
        | case     | body                                  | result                           |
        | number   | {"timeout": "5"}                      | {"resuming": false, "timeout": 5} |
        | negative | {"timeout": "-5"}                     | {"resuming": false, "timeout": -5} |
        | true     | {"resuming": "true"}                  | {"resuming": true, "timeout": 60} |
        | both     | {"resuming": "false", "timeout": "7"} | {"resuming": false, "timeout": 7} |

  @LL-HTTP-046 @should @odd-input
  Rule: A fraction is refused where an integer belongs
    Which status says so is another matter (LL-HTTP-049).
    Sources: Lavalink docs, api/rest.md "Update Session"; docs/observed/http.md#numbers-and-booleans; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-046.a @twin
    Scenario: An integer
      Given a connected client
      When the client updates the session with {"timeout": 1}
      Then the answer is 200
      And the answer contains {"timeout": 1}

    @LL-HTTP-046.b
    Scenario Outline: <case> is no integer
      Given a connected client
      And the client updates the session with {"timeout": 9}
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": <number>}
      Then the answer is a refusal
      When the client updates the session with {}
      Then the answer contains {"timeout": 9}

      Examples:
        | case     | number               |
        | fraction | 1.5                  |

  @LL-HTTP-079 @observed
  Rule: A number of more than 64 bits is 400 where an integer belongs
    The documentation gives integers no range.
    Sources: docs/observed/http.md#numbers-and-booleans; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-079.a
    Scenario Outline: <case> is out of range
      Given a connected client
      And the client updates the session with {"timeout": 9}
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": <number>}
      Then the answer is an error 400
      When the client updates the session with {}
      Then the answer contains {"timeout": 9}

      Examples:
        | case     | number               |
        | big      | 9223372036854775808  |
        | small    | -9223372036854775809 |
        | huge     | 99999999999999999999999 |

  @LL-HTTP-047 @observed @odd-input
  Rule: A body is decoded before the session is looked up
    With both wrong, the answer is about the body.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-047.a
    Scenario Outline: An unknown session and a <case> body
      When the client requests "PATCH /v4/sessions/${nosession}" with <body>
      Then the answer is <status> "<message>"

      Examples:
        | case          | body               | status | message           |
        | sound         | {"timeout": 7}     | 404    | Session not found |
        | broken        | {"timeout": null}  | 400    | Bad Request       |

  @LL-HTTP-048 @observed @odd-input
  Rule: No body is 400, and without a Content-Type it is not 415
    There is nothing whose type could be wrong.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-048.a
    Scenario: Neither
      Given a connected client
      And the next request has headers:
        | header       | value    |
        | Content-Type | (absent) |
      When the client requests "PATCH /v4/sessions/${session}"
      Then the answer is 400 "Bad Request"

    @LL-HTTP-048.b
    Scenario: A body without a Content-Type
      Given a connected client
      And the next request has headers:
        | header       | value    |
        | Content-Type | (absent) |
      When the client requests "PATCH /v4/sessions/${session}" with {"timeout": 7}
      Then the answer is an error 415

    @LL-HTTP-048.c
    Scenario: A Content-Type without a body
      Given a connected client
      And the next request has headers:
        | header       | value            |
        | Content-Type | application/json |
      When the client requests "PATCH /v4/sessions/${session}"
      Then the answer is 400 "Bad Request"

  @LL-HTTP-049 @observed @odd-input
  Rule: The message about a body that does not decode is "Bad Request"
    It does not say what was wrong.
    Sources: docs/observed/http.md#bodies; docs/observed/http.md#numbers-and-booleans; fixtures/recordings/rest/session_patch.json

    @LL-HTTP-049.a
    Scenario Outline: A body that is "<case>"
      Given a connected client
      When the client requests "PATCH /v4/sessions/${session}" with <body>
      Then the answer is 400 "Bad Request"

      Examples:
        | case     | body                |
        | open     | {                   |
        | array    | []                  |
        | text     | {"timeout": "soon"} |
        | null     | {"timeout": null}   |
        | fraction | {"timeout": 1.5}    |

    @LL-HTTP-049.b
    Scenario: A player's body
      Given a connected client
      When the client updates the player with {"volume": "loud"}
      Then the answer is 400 "Bad Request"

  @LL-HTTP-320 @must @needs-http-source
  Rule: An escape in a text stands for its character
    Half of the JSON libraries write everything that is not ASCII so.
    Sources: RFC 8259 §7; docs/observed/http.md#bodies

    @LL-HTTP-320.a
    Scenario Outline: <case>
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"text": "a<escape>z"}}}
      Then the answer is 200
      And the answer at "/track/userData/text" is "a<escape>z"

      Examples:
        | case            | escape        |
        | quotation mark  | \\"           |
        | backslash       | \\\\          |
        | slash           | \\/           |
        | backspace       | \\b           |
        | form feed       | \\f           |
        | line feed       | \\n           |
        | carriage return | \\r           |
        | tab             | \\t           |
        | unit            | \\u20ac       |
        | capitals        | \\u20AC       |
        | two units       | \\ud83d\\ude00 |
        | first and last  | \\ud800\\udc00\\udbff\\udfff |

    @LL-HTTP-320.b
    Scenario: In the name of a field
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"tr\u0061ck": {"encoded": "${track}", "userData": {"\u00e4": 1}}}
      Then the answer is 200
      And the answer at "/track/userData" is {"ä": 1}

  @LL-HTTP-400 @observed @needs-http-source
  Rule: Half of a pair of surrogates is a question mark
    Java writes one for what UTF-8 has no bytes for.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-400.a
    Scenario Outline: <case>
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"text": "<escape>"}}}
      Then the answer is 200
      And the answer at "/track/userData/text" is "<text>"

      Examples:
        | case         | escape                 | text |
        | high         | \\ud83dz              | ?z   |
        | low          | A\\ude00z             | A?z  |
        | behind       | \\u0041\\ude00z      | A?z  |
        | before       | \\ud83d\\u0041z      | ?Az  |
        | high, a pair | \\ud83d\\ud83d\\ude00z | ?😀z |

  @LL-HTTP-321 @observed @odd-input
  Rule: A backslash that begins no escape is refused
    Sources: RFC 8259 §7; docs/observed/http.md#bodies

    @LL-HTTP-321.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the session with {"timeout": 9, "text": "<escape>"}
      Then the answer is 400 "Bad Request"

      Examples:
        | case           | escape  |
        | letter         | \\x     |
        | no digit       | \\u00g9 |
        | too few digits | \\u12   |

  @LL-HTTP-330 @observed @odd-input
  Rule: What stands under an unknown field is passed over even if it is no JSON
    Only texts have to end in it, and brackets to fit.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-330.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the session with {"unknown": <odd>, "timeout": 9}
      Then the answer is {"resuming": false, "timeout": 9}

      Examples:
        | case     | odd              |
        | comma    | [1,]             |
        | no colon | {"a"}            |
        | no value | {"a":}           |
        | no quote | {a: 1}           |
        | inside   | [[, "]" :], {x}] |
        | object   | {a{b}c}          |
        | array    | [a[b]c]          |

    @LL-HTTP-330.b
    Scenario Outline: <case> is not passed over
      Given a connected client
      When the client updates the session with {"timeout": 9, "unknown": <odd>}
      Then the answer is 400 "Bad Request"

      Examples:
        | case           | odd       |
        | no value       |           |
        | another        | {"a"]     |
        | two values     | 1 2       |
        | text no end    | ["a]      |

  @LL-HTTP-343 @observed @odd-input
  Rule: Between fields that the server knows a comma may be left out
    Not among those that it keeps as they are, not in lists, and one that is there has to be one and
    to lead to a field.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-343.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the session with <update>
      Then the answer is {"resuming": true, "timeout": 9}

      Examples:
        | case                    | update                                                      |
        | with space in its place | {"resuming": true "timeout": 9}                             |
        | with nothing            | {"timeout":9"resuming":true}                                |
        | after an unknown field  | {"unknown": {"a": 1 "b": 2} "timeout": 9, "resuming": true} |

    @LL-HTTP-343.b
    Scenario Outline: It is needed <case>
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with <update>
      Then the answer is 400 "Bad Request"

      Examples:
        | case                  | update                                                                      |
        | in user data          | {"track": {"encoded": "${track}", "userData": {"a": 1 "b": 2}}}             |
        | in filters of plugins | {"filters": {"pluginFilters": {"a": 1 "b": 2}}}                             |

    @LL-HTTP-343.d @needs-filter-equalizer
    Scenario: It is needed in lists
      Given a connected client
      When the client updates the player with {"filters": {"equalizer": [{"band": 0, "gain": 0.1} {"band": 1, "gain": 0.1}]}}
      Then the answer is 400 "Bad Request"

    @LL-HTTP-343.c
    Scenario Outline: <case>
      Given a connected client
      When the client updates the session with <update>
      Then the answer is 400 "Bad Request"

      Examples:
        | case             | update                            |
        | two commas       | {"resuming": true,, "timeout": 9} |
        | one at the end   | {"resuming": true "timeout": 9,}  |
        | one at the begin | {,"resuming": true "timeout": 9}  |

  @LL-HTTP-331 @observed @odd-input
  Rule: Of a field that stands twice each value has to decode
    The last one counts, but the first is looked at.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-331.a
    Scenario: The first does not
      Given a connected client
      When the client updates the session with {"timeout": "x", "timeout": 9}
      Then the answer is 400 "Bad Request"

    @LL-HTTP-331.b @twin
    Scenario: Both do
      Given a connected client
      When the client updates the session with {"timeout": 8, "timeout": 9}
      Then the answer is {"resuming": false, "timeout": 9}

    @LL-HTTP-331.c @needs-filter-karaoke @needs-filter-volume @needs-filter-equalizer
    Scenario Outline: The first does not, in an update of a player: <case>
      Given a connected client
      When the client updates the player with {"volume": 40, <update>}
      Then the answer is 400 "Bad Request"
      And the player does not exist

      Examples:
        | case              | update                                                         |
        | number            | "endTime": "x", "endTime": null                                |
        | track             | "track": 5, "track": {}                                        |
        | encoded           | "track": {"encoded": 5, "encoded": null}                       |
        | user data         | "track": {"userData": 5, "userData": {"a": 1}}                 |
        | filters           | "filters": 5, "filters": {}                                    |
        | filter            | "filters": {"karaoke": 5, "karaoke": {}}                       |
        | number of one     | "filters": {"karaoke": {"level": "x"}, "karaoke": null}        |
        | volume            | "filters": {"volume": null, "volume": 1.0}                     |
        | bands             | "filters": {"equalizer": null, "equalizer": []}                |
        | band              | "filters": {"equalizer": [{"band": "x", "band": 1}]}           |
        | filters of others | "filters": {"pluginFilters": 5, "pluginFilters": {}}           |
        | voice             | "voice": {"token": null, "token": "t", "endpoint": "x", "sessionId": "s", "channelId": "1"} |

    @LL-HTTP-331.d @twin @needs-filter-karaoke @needs-filter-volume @needs-filter-equalizer
    Scenario Outline: Both do, in an update of a player: <case>
      Given a connected client
      When the client updates the player with {"volume": 40, <update>}
      Then the answer contains {"volume": 40, "filters": <filters>}

      Examples:
        | case          | update                                                                | filters         |
        | number        | "endTime": 1, "endTime": null                                         | {}              |
        | track         | "track": {}, "track": {}                                              | {}              |
        | filter        | "filters": {"karaoke": {"level": 0.5}, "karaoke": null}               | {}              |
        | volume        | "filters": {"volume": 0.5, "volume": 0.25}                            | {"volume": 0.25} |
        | bands         | "filters": {"equalizer": [{"band": 99}], "equalizer": []}             | {"equalizer": []} |

    @LL-HTTP-331.e @needs-http-source
    Scenario Outline: What is only kept is not looked at if another takes its place: <case>
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"a": <first>, "a": 1}}}
      Then the answer at "/track/userData" is {"a": 1}

      Examples:
        | case      | first      |
        | NaN       | NaN        |
        | beyond    | 1e400      |
        | in it     | {"b": NaN} |

    @LL-HTTP-331.f @needs-http-source
    Scenario: But it has to be JSON
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"a": [,], "a": 1}}}
      Then the answer is 400 "Bad Request"

  @LL-HTTP-340 @observed @odd-input
  Rule: A word without quotes is kept as the number that it means, or as a text
    In user data, which nobody reads.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-340.a
    Scenario Outline: <case>
      Given a connected client
      And a loaded track "tone-30s.wav"
      When the client updates the player with {"track": {"encoded": "${track}", "userData": {"a": <word>}}}
      Then the answer is 200
      And the answer at "/track/userData" is {"a": <kept>}

      Examples:
        | case        | word     | kept       |
        | word        | nonsense | "nonsense" |
        | capital     | True     | "True"     |
        | plus        | +1       | 1          |
        | zeros       | 007      | 7          |
        | point       | .5       | 0.5        |
        | hexadecimal | 0x10     | "0x10"     |

  @LL-HTTP-341 @observed @odd-input
  Rule: An integer may have an exponent that leaves it whole, and one without digits is 0
    Sources: docs/observed/http.md#numbers-and-booleans

    @LL-HTTP-341.a
    Scenario Outline: <case>
      Given a connected client
      When the client updates the session with {"timeout": <number>}
      Then the answer is {"resuming": false, "timeout": <read>}

      Examples:
        | case      | number | read |
        | none      | 7e     | 7    |
        | tens      | 7e1    | 70   |
        | tenths    | 70e-1  | 7    |
        | in quotes | "7E+1" | 70   |

    @LL-HTTP-341.b
    Scenario: One that does not leave it whole
      Given a connected client
      When the client updates the session with {"timeout": 7e-1}
      Then the answer is 400 "Bad Request"

  @LL-HTTP-347 @observed @odd-input @needs-http-source
  Rule: Bytes that are no UTF-8 become U+FFFD
    One for each byte, but for a letter that is cut off and an encoded surrogate, which become one.
    Sources: docs/observed/http.md#bodies

    @LL-HTTP-347.a
    Scenario Outline: <case>
      Given a connected client
      When the client sends the raw request:
        """
        PATCH /v4/sessions/${session}/players/${guild} HTTP/1.1
        Host: ${host}
        Authorization: ${password}
        Content-Type: application/json
        Content-Length: <length>

        {"track":{"encoded":"QAAALAMAAXQAAWEAAAAAAAB1MAABeAABAAF4AAAABGh0dHAAA3dhdgAAAAAAAAAA","userData":{"a":"<bytes>"}}}
        """
      Then the answer is 200
      And the answer at "/track/userData/a" is "<text>"

      Examples:
        | case | bytes | length | text |
        | no letter | \\xff | 109 | � |
        | cut off | \\xe2\\x82x | 111 | �x |
        | a surrogate | \\xed\\xa0\\xbdx | 112 | �x |
        | two of them | \\xed\\xa0\\xbd\\xed\\xb8\\x80 | 114 | �� |
        | half of one | \\xed\\xa0x | 111 | �x |
        | its beginning | \\xedx | 110 | �x |
        | one byte more | \\xed\\xa0\\xa0\\xa0 | 112 | �� |
        | below them | \\xed\\x9f\\xbf | 111 | ퟿ |
        | overlong | \\xc0\\x80 | 110 | �� |
        | beyond | \\xf4\\x90\\x80\\x80 | 112 | ���� |
