Feature: Freeing addresses

  @LL-ROUTEPLANNER-070 @must @needs-upstream @needs-local-block @profile-load-balance-few
  Rule: A failing address that is freed is listed no more, and is used again
    Sources: Lavalink docs, api/rest.md "Unmark a failed address"; docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json; document §2.5

    @LL-ROUTEPLANNER-070.a
    Scenario: One of two
      Given the upstream answers 429 to all requests
      And the client searches 20 times
      And the failing addresses are "127.0.0.10, 127.0.0.11"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.11"}
      Then the answer is 204
      And the failing addresses are "127.0.0.10"

    @LL-ROUTEPLANNER-070.c
    Scenario: It is used again
      Given the upstream answers 429 to all requests
      And the client searches 20 times
      And the failing addresses are "127.0.0.10, 127.0.0.11"
      And the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.11"}
      And the answer is 204
      And the upstream answers 200 to all requests
      # One of four addresses is left: the real server does not find it in 1 of 13 loads.
      When the client searches 30 times
      Then the upstream saw 10 to 30 requests
      And each request came from "127.0.0.11"

    @LL-ROUTEPLANNER-070.b
    Scenario: The address that was seen to fail
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "${banned}"}
      Then the answer is 204
      And there are no failing addresses

  @LL-ROUTEPLANNER-071 @should
  Rule: Freeing an address that does not fail is 204 and changes nothing
    Sources: Lavalink docs, api/rest.md "Unmark a failed address"; docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json

    @LL-ROUTEPLANNER-071.a @needs-upstream @needs-local-block @profile-load-balance
    Scenario Outline: An address that is "<case>"
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is 204
      And the answer is empty
      And the failing addresses are "${banned}"

      Examples:
        | case               | address   |
        | of another network | 8.8.8.8   |
        | of another family  | fd00::1   |
        | near the block     | 127.0.1.1 |

    @LL-ROUTEPLANNER-071.b @profile-load-balance
    Scenario: Nothing fails
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.5"}
      Then the answer is 204
      And there are no failing addresses

    @LL-ROUTEPLANNER-071.c @needs-upstream @needs-local-block @profile-load-balance
    Scenario: Twice
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      And the client requests "POST /v4/routeplanner/free/address" with {"address": "${banned}"}
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "${banned}"}
      Then the answer is 204
      And there are no failing addresses

  @LL-ROUTEPLANNER-072 @observed @profile-load-balance
  Rule: What is no address is 400 "Invalid address: …"
    The text of the status is none either, because of its slash. The rest of the message is Java's,
    and depends on the machine.
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json; fixtures/recordings/routeplanner/4_free_ipv6.json; document §2.5

    @LL-ROUTEPLANNER-072.a
    Scenario Outline: The address "<case>"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is an error 400
      And the answer at "/message" is "#/Invalid address: .*<shown>.*/"

      Examples:
        | case      | address      | shown               |
        | garbage   | not-an-ip    | not-an-ip           |
        | too-big   | 999.1.1.1    | 999[.]1[.]1[.]1     |
        | slash     | /127.0.0.1   | /127[.]0[.]0[.]1    |
        | block     | 127.0.0.1/32 | 127[.]0[.]0[.]1/32  |
        | port      | 127.0.0.1:80 | 127[.]0[.]0[.]1:80  |
        | bad-ipv6  | ::gg         | ::gg                |
        | byte      | 127.0.0.256  | 127[.]0[.]0[.]256   |
        | two-bytes | 127.0.65536  | 127[.]0[.]65536     |
        | three     | 127.16777216 | 127[.]16777216      |
        | first     | 256.1        | 256[.]1             |
        | number    | 4294967296   | 4294967296          |
        | five      | 1.2.3.4.5    | 1[.]2[.]3[.]4[.]5   |
        | end       | 127.0.0.     | 127[.]0[.]0[.]      |
        | sign      | 127.0.0.+1   | 127[.]0[.]0[.][+]1  |
        | colons    | fd00:::1     | fd00:::1            |
        | no-zone   | fd00::1%     | fd00::1%            |
        | brackets  | [127.0.0.1]  | 127[.]0[.]0[.]1     |
        | zone      | fd00::1%nope | nope                |
        | big-zone  | fd00::1%2147483648 | 2147483648    |

    @LL-ROUTEPLANNER-072.b @twin
    Scenario Outline: The address "<address>"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is 204

      Examples:
        | address         |
        | 127.0.0.1       |
        | ::1             |
        | 127.0.65535     |
        | 127.16777215    |
        | 4294967295      |
        | [::1]           |
        | fd00::00000001  |
        | fd00::127.0.0.1 |
        | fd00::1%lo      |
        | fd00::1%1       |

    @LL-ROUTEPLANNER-072.c
    Scenario: A blank
      When the client requests "POST /v4/routeplanner/free/address" with {"address": " "}
      Then the answer is an error 400
      And the answer at "/message" is "#/Invalid address: .*/"

  @LL-ROUTEPLANNER-073 @observed @profile-load-balance
  Rule: A body that cannot be decoded is 400
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json

    @LL-ROUTEPLANNER-073.a
    Scenario Outline: The body "<case>"
      When the client requests "POST /v4/routeplanner/free/address" with <body>
      Then the answer is an error 400

      Examples:
        | case       | body                       |
        | nothing    | {}                         |
        | null       | {"address": null}          |
        | number     | {"address": 5}             |
        | decimal    | {"address": 2130706433}    |
        | boolean    | {"address": true}          |
        | list       | {"address": ["127.0.0.1"]} |
        | array      | ["127.0.0.1"]              |
        | text       | "127.0.0.1"                |
        | only-null  | null                       |
        | other-name | {"Address": "127.0.0.1"}   |
        | broken     | {"address": "127.0.0.1"    |

    @LL-ROUTEPLANNER-073.b
    Scenario: No body
      When the client requests "POST /v4/routeplanner/free/address"
      Then the answer is an error 400

    @LL-ROUTEPLANNER-073.c @twin
    Scenario: A field too many
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.1", "unknown": 1}
      Then the answer is 204

  @LL-ROUTEPLANNER-097 @observed @profile-load-balance
  Rule: Refusals to free an address have the sentences of the real server
    The documentation promises no sentence.
    Sources: docs/observed/routeplanner.md#freeing; docs/observed/http.md#media-types; fixtures/recordings/routeplanner/3D_loadbalance_24.json

    @LL-ROUTEPLANNER-097.a
    Scenario: A body that is no JSON
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.1"
      Then the answer is 400 "Bad Request"

    @LL-ROUTEPLANNER-097.b
    Scenario Outline: The type "<type>"
      Given the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.1"}
      Then the answer is 415 "Content-Type '<shown>' is not supported."

      Examples:
        | type                              | shown                                           |
        | text/plain                        | text/plain;charset=UTF-8                        |
        | application/x-www-form-urlencoded | application/x-www-form-urlencoded;charset=UTF-8 |
        | (absent)                          | application/octet-stream                        |

  @LL-ROUTEPLANNER-074 @observed @profile-load-balance
  Rule: A body of another type is 415
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json

    @LL-ROUTEPLANNER-074.a
    Scenario Outline: The type "<type>"
      Given the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.1"}
      Then the answer is an error 415

      Examples:
        | type                              |
        | text/plain                        |
        | application/x-www-form-urlencoded |
        | (absent)                          |

    @LL-ROUTEPLANNER-074.b @twin
    Scenario: JSON with a parameter
      Given the next request has headers:
        | header       | value                          |
        | Content-Type | application/json;charset=UTF-8 |
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "127.0.0.1"}
      Then the answer is 204

  @LL-ROUTEPLANNER-075 @observed @needs-upstream @needs-local-block
  Rule: An address may be spelled in any way that Java reads
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json; fixtures/recordings/routeplanner/4_free_ipv6.json

    @LL-ROUTEPLANNER-075.a @profile-load-balance-few
    Scenario Outline: IPv4 as "<case>"
      Given the upstream answers 429 to all requests
      And the client searches 20 times
      And the failing addresses are "127.0.0.10, 127.0.0.11"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is 204
      And the failing addresses are "127.0.0.11"

      Examples:
        | case      | address     |
        | two-parts | 127.10      |
        | zeros     | 0127.0.0.10 |
        | number    | 2130706442  |
        | two-bytes | 127.0.10    |
        | full      | 127.000.000.010 |

    @LL-ROUTEPLANNER-075.b @profile-load-balance-ipv6
    Scenario Outline: IPv6 as "<case>"
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      And the failing addresses are "${banned}"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is 204
      And there are no failing addresses

      Examples:
        | case     | address         |
        | in-full  | ${banned}       |
        | short    | ${banned.short} |
        | upper    | ${banned.upper} |
        | brackets | [${banned}]     |

    @LL-ROUTEPLANNER-075.c @profile-load-balance-ipv6
    Scenario: IPv6 with a zone is another address
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "${banned}%0"}
      Then the answer is 204
      And the failing addresses are "${banned}"

  @LL-ROUTEPLANNER-076 @must @needs-upstream @needs-local-block @profile-load-balance
  Rule: All addresses can be freed at once
    Sources: Lavalink docs, api/rest.md "Unmark all failed address"; docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json; document §2.5

    @LL-ROUTEPLANNER-076.a
    Scenario: No body
      Given the upstream answers 429 to the next 3 requests
      And the client searches
      And there are 3 failing addresses
      When the client requests "POST /v4/routeplanner/free/all"
      Then the answer is 204
      And there are no failing addresses

  @LL-ROUTEPLANNER-096 @observed @needs-upstream @needs-local-block @profile-load-balance
  Rule: All addresses are freed whatever the body is, and its type
    The documentation has no body.
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json

    @LL-ROUTEPLANNER-096.a
    Scenario Outline: The body "<case>"
      Given the upstream answers 429 to the next 3 requests
      And the client searches
      And there are 3 failing addresses
      And the next request has headers:
        | header       | value  |
        | Content-Type | <type> |
      When the client requests "POST /v4/routeplanner/free/all" with <body>
      Then the answer is 204
      And there are no failing addresses

      Examples:
        | case    | type             | body                     |
        | object  | application/json | {}                       |
        | address | application/json | {"address": "127.0.0.1"} |
        | garbage | application/json | garbage                  |
        | text    | text/plain       | {"address": "x"}         |

  @LL-ROUTEPLANNER-077 @observed @needs-upstream @needs-local-block
  Rule: Freeing has no influence on where it stands
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3A_rotateonban_24.json

    @LL-ROUTEPLANNER-077.a @profile-rotate-on-ban
    Scenario Outline: RotateOnBan, freed by "<case>"
      Given the upstream answers 429 to the next 2 requests
      And the client searches
      And the address of request 1 is remembered as "banned"
      And the client requests "GET /v4/routeplanner/status"
      And the answer at "/details/ipIndex" is remembered as "index"
      And the answer at "/details/currentAddress" is remembered as "current"
      And the client requests "POST /v4/routeplanner/free/<case>" with {"address": "${banned}"}
      When the client requests "GET /v4/routeplanner/status"
      Then the answer contains {"details": {"rotateIndex": "2", "ipIndex": "${index}", "currentAddress": "${current}"}}

      Examples:
        | case    |
        | all     |
        | address |

    @LL-ROUTEPLANNER-077.b @profile-rotating-nano
    Scenario: RotatingNanoSwitch
      Given the upstream answers 429 to the next 2 requests
      And the client searches
      When the client requests "POST /v4/routeplanner/free/all"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/blockIndex" is "2"

    @LL-ROUTEPLANNER-077.c @profile-rotate-on-ban
    Scenario: An address that is free again is not gone back to
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 2 is remembered as "source"
      And the client requests "POST /v4/routeplanner/free/all"
      When the client searches
      Then request 1 came from "${source}"

  @LL-ROUTEPLANNER-078 @observed @needs-upstream @needs-local-block @profile-load-balance
  Rule: No text and the name of a host are 204 without effect
    A name is resolved, but is not what failing addresses are listed by.
    Sources: docs/observed/routeplanner.md#freeing; fixtures/recordings/routeplanner/3D_loadbalance_24.json; fixtures/recordings/routeplanner/4_free_hostname.json

    @LL-ROUTEPLANNER-078.a
    Scenario Outline: The address "<case>"
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is 204
      And the answer is empty
      And the failing addresses are "${banned}"

      Examples:
        | case  | address   |
        | empty |           |
        | host  | localhost |
