Feature: The route planner when there is none
  A server without ip blocks, as most are, has the endpoints all the same.

  @LL-ROUTEPLANNER-001 @must
  Rule: The status is 204 without a body
    A client learns from it that there is no route planner.
    Sources: Lavalink docs, api/rest.md "Get RoutePlanner status"; docs/observed/routeplanner.md#not-configured; fixtures/recordings/rest/rest_basics.json; document §2.5

    @LL-ROUTEPLANNER-001.a
    Scenario: The status
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 204
      And the answer is empty

    @LL-ROUTEPLANNER-001.b
    Scenario: With trace=true
      When the client requests "GET /v4/routeplanner/status?trace=true"
      Then the answer is 204
      And the answer is empty

  @LL-ROUTEPLANNER-002 @observed
  Rule: Freeing one address is 500 "Can't access disabled route planner"
    The address itself is not looked at.
    Sources: docs/observed/routeplanner.md#not-configured; document §2.5, §2.7

    @LL-ROUTEPLANNER-002.a
    Scenario Outline: The address "<case>"
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "<address>"}
      Then the answer is 500 "Can't access disabled route planner"

      Examples:
        | case    | address     |
        | ipv4    | 1.0.0.1     |
        | ipv6    | 2001:db8::1 |
        | garbage | not-an-ip   |
        | empty   |             |

  @LL-ROUTEPLANNER-003 @observed
  Rule: The body is decoded first, and one that cannot be is 400 "Bad Request"
    Even though there is nothing to free.
    Sources: docs/observed/routeplanner.md#not-configured

    @LL-ROUTEPLANNER-003.a
    Scenario Outline: The body "<case>"
      When the client requests "POST /v4/routeplanner/free/address" with <body>
      Then the answer is 400 "Bad Request"

      Examples:
        | case    | body               |
        | nothing | {}                 |
        | garbage | garbage            |
        | null    | {"address": null}  |
        | array   | []                 |
        | other   | {"Address": "1.0.0.1"} |

    @LL-ROUTEPLANNER-003.b
    Scenario: No body
      When the client requests "POST /v4/routeplanner/free/address"
      Then the answer is 400 "Bad Request"

    @LL-ROUTEPLANNER-003.c
    Scenario: A body that can be decoded, with a field too many
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "1.0.0.1", "unknown": 1}
      Then the answer is 500 "Can't access disabled route planner"

    @LL-ROUTEPLANNER-003.d
    Scenario: A body of another type
      Given the next request has headers:
        | header       | value      |
        | Content-Type | text/plain |
      When the client requests "POST /v4/routeplanner/free/address" with {"address": "1.0.0.1"}
      Then the answer is 415 "Content-Type 'text/plain;charset=UTF-8' is not supported."

  @LL-ROUTEPLANNER-004 @observed
  Rule: Freeing all addresses is 500 "Can't access disabled route planner"
    With any body or none.
    Sources: docs/observed/routeplanner.md#not-configured; document §2.5, §2.7

    @LL-ROUTEPLANNER-004.a
    Scenario: No body
      When the client requests "POST /v4/routeplanner/free/all"
      Then the answer is 500 "Can't access disabled route planner"

    @LL-ROUTEPLANNER-004.b
    Scenario Outline: The body "<case>"
      When the client requests "POST /v4/routeplanner/free/all" with <body>
      Then the answer is 500 "Can't access disabled route planner"

      Examples:
        | case    | body    |
        | object  | {}      |
        | garbage | garbage |

    @LL-ROUTEPLANNER-004.c
    Scenario: With trace=true there is a trace
      When the client requests "POST /v4/routeplanner/free/all?trace=true"
      Then the answer is 500 "Can't access disabled route planner"
      And the answer at "/trace" is "#string"

    @LL-ROUTEPLANNER-004.d
    Scenario: A body of another type
      Given the next request has headers:
        | header       | value      |
        | Content-Type | text/plain |
      When the client requests "POST /v4/routeplanner/free/all" with garbage
      Then the answer is 500 "Can't access disabled route planner"

  @LL-ROUTEPLANNER-005 @should
  Rule: The endpoints ask for the password
    Sources: Lavalink docs, api/rest.md "REST API"; docs/observed/routeplanner.md#not-configured; fixtures/recordings/rest/rest_auth.json

    @LL-ROUTEPLANNER-005.a
    Scenario Outline: <request> with the password "<case>"
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "<request>"
      Then the answer is 401 or 403

      Examples:
        | case           | value       | request                            |
        | status-missing | (absent)    | GET /v4/routeplanner/status        |
        | all-missing    | (absent)    | POST /v4/routeplanner/free/all     |
        | one-missing    | (absent)    | POST /v4/routeplanner/free/address |

  @LL-ROUTEPLANNER-092 @observed
  Rule: A wrong password is 403, and no refusal has a body
    Sources: docs/observed/routeplanner.md#not-configured; docs/observed/http.md#passwords; fixtures/recordings/rest/rest_auth.json

    @LL-ROUTEPLANNER-092.a
    Scenario Outline: <request> with the password "<case>"
      Given the next request has headers:
        | header        | value   |
        | Authorization | <value> |
      When the client requests "<request>"
      Then the answer is <status>
      And the answer is empty

      Examples:
        | case           | value        | request                            | status |
        | status-missing | (absent)     | GET /v4/routeplanner/status        | 401    |
        | status-wrong   | ${password}x | GET /v4/routeplanner/status        | 403    |
        | all-wrong      | ${password}x | POST /v4/routeplanner/free/all     | 403    |
        | one-wrong      | ${password}x | POST /v4/routeplanner/free/address | 403    |

  @LL-ROUTEPLANNER-006 @observed
  Rule: The status is only read, and addresses are only freed with POST
    Other methods are 405, and Allow names the right one.
    Sources: docs/observed/routeplanner.md#not-configured

    @LL-ROUTEPLANNER-006.a
    Scenario Outline: <method> of "<case>"
      When the client requests "<method> <path>"
      Then the answer is 405 "Method '<method>' is not supported."
      And the answer's header "Allow" lists "<allowed>"

      Examples:
        | case           | method | path                          | allowed |
        | status         | POST   | /v4/routeplanner/status       | GET     |
        | all            | GET    | /v4/routeplanner/free/all     | POST    |
        | all-delete     | DELETE | /v4/routeplanner/free/all     | POST    |
        | address-get    | GET    | /v4/routeplanner/free/address | POST    |
        | address-delete | DELETE | /v4/routeplanner/free/address | POST    |
