@needs-upstream @needs-local-block
Feature: RotateOnBan

  @LL-ROUTEPLANNER-020 @should @profile-rotate-on-ban
  Rule: It keeps its address while that works
    Sources: Lavalink docs, configuration/routeplanner.md "RotateOnBan Strategy"; docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.3

    @LL-ROUTEPLANNER-020.a
    Scenario: One after the other
      When the client searches 5 times
      Then the upstream saw 5 requests
      And each request came from "127.0.0.0/24"
      And the requests came from one address

    @LL-ROUTEPLANNER-020.b
    Scenario: At once
      Given the client searches
      And the address of request 1 is remembered as "source"
      When 6 clients search at once
      Then the upstream saw 6 requests
      And each request came from "${source}"

  @LL-ROUTEPLANNER-021 @must @profile-rotate-on-ban
  Rule: A 429 has it go to another address, where it stays
    Not to the next one, as in the document: the real server skips ten to nineteen.
    Sources: Lavalink docs, configuration/routeplanner.md "RotateOnBan Strategy"; docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.3

    @LL-ROUTEPLANNER-021.c
    Scenario: The request itself
      Given the upstream answers 429 to the next request
      When the client searches
      Then the upstream saw 2 requests
      And each request came from an address of its own
      And each request came from "127.0.0.0/24"

    @LL-ROUTEPLANNER-021.d
    Scenario: Later ones
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 2 is remembered as "source"
      When the client searches 3 times
      Then the upstream saw 3 requests
      And each request came from "${source}"

  @LL-ROUTEPLANNER-022 @should @profile-rotate-on-ban
  Rule: rotateIndex counts how often it rotated
    Many requests that are told to slow down at once are one reason to rotate, not many.
    Sources: Lavalink docs, api/rest.md "Details Object"; docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3A_rotateonban_24.json

    @LL-ROUTEPLANNER-022.a
    Scenario: Three times in one request
      Given the upstream answers 429 to the next 3 requests
      And the client searches
      And the upstream saw 4 requests
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/rotateIndex" is "3"

    @LL-ROUTEPLANNER-022.b @quirk
    Scenario: Six requests at once
      The real server's requests race: once in 25 times some of the six turn to a second new address,
      once in all to a third, once in 600 times one or two of them to the old one again. It rotated
      once all the same.
      Given the client searches
      And the address of request 1 is remembered as "first"
      And the upstream answers 429 to 6 requests together
      When 6 clients search at once
      Then the upstream saw 12 requests
      And those after the first 6 came from one other address than "${first}", or (quirk) up to 2 from it and the others from up to 3 addresses
      And the failing addresses are "${first}"
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/rotateIndex" is "1"

  @LL-ROUTEPLANNER-023 @observed
  Rule: ipIndex is the place of its address in the blocks, counted from 1
    Sources: docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3A_rotateonban_24.json

    @LL-ROUTEPLANNER-023.a @profile-rotate-on-ban
    Scenario: At first and later
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the answer's ipIndex is the place of its currentAddress in "127.0.0.0/24", counted from 1
      Given the upstream answers 429 to the next 2 requests
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the answer's ipIndex is the place of its currentAddress in "127.0.0.0/24", counted from 1

    @LL-ROUTEPLANNER-023.b @profile-rotate-129
    Scenario: With two blocks
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the answer's ipIndex is the place of its currentAddress in "127.0.1.0/25, 127.0.2.0/32", counted from 1

  @LL-ROUTEPLANNER-024 @observed
  Rule: When all addresses fail, loads fail and nothing is sent
    Sources: docs/observed/routeplanner.md#no-address-left; fixtures/recordings/routeplanner/3H_retry_0.json; document §2.7

    @LL-ROUTEPLANNER-024.a @profile-retry-none-left
    Scenario: The load during which they run out
      The real server never gets to the first nine of this block.
      Given the upstream answers 429 to the next 300 requests
      When the client searches
      Then the upstream saw 240 to 256 requests
      And each request came from an address of its own
      And the answer contains:
        """
        {"loadType": "error", "data": {"severity": "fault", "causeStackTrace": "#/(?s).*Can't find a free ip.*/"}}
        """

    @LL-ROUTEPLANNER-024.b @profile-load-balance-few
    Scenario: A load when none is left, and one when they have been freed
      Given the upstream answers 429 to all requests
      And the client searches 20 times
      And the failing addresses are those that were answered 429
      And the upstream answers 200 to all requests
      When the client searches
      Then the upstream saw 0 requests
      And the answer contains:
        """
        {"loadType": "error", "data": {"severity": "fault", "causeStackTrace": "#/(?s).*Can't find a free ip.*/"}}
        """
      # With half of four addresses the real server finds none in one of 512 loads.
      When the client requests "POST /v4/routeplanner/free/all"
      And the client searches 20 times
      Then the upstream saw 10 to 20 requests

  @LL-ROUTEPLANNER-025 @must
  Rule: It never goes to an address that fails or is excluded
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; Lavalink docs, configuration/routeplanner.md "RotateOnBan Strategy"; docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.2, §2.4

    @LL-ROUTEPLANNER-025.a @profile-rotate-on-ban
    Scenario: Most addresses fail, one after the other
      Given the upstream answers 429 to all requests
      When the client searches 20 times
      Then the upstream saw 20 to 247 requests
      And each request came from an address of its own

    @LL-ROUTEPLANNER-025.b @profile-rotate-excluded
    Scenario: Excluded ones
      Given the upstream answers 429 to all requests
      When the client searches 15 times
      Then the upstream saw 15 to 215 requests
      And no request came from "127.0.0.0/27, 127.0.0.32/29, 127.0.0.40"

  @LL-ROUTEPLANNER-026 @observed @profile-rotate-128
  Rule: Of 128 addresses or fewer all are used
    The real server finds none of them free, and sends nothing. Sane is what larger blocks do.
    Sources: docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3B_rotateonban_25.json

    @LL-ROUTEPLANNER-026.a @quirk
    Scenario: A 429 has it go to another address
      Given the upstream answers 429 to the next request
      When the client searches
      Then no address was free (quirk), or 2 requests came from "127.0.1.0/25", each from an address of its own

    @LL-ROUTEPLANNER-026.b @quirk
    Scenario: Until all of them fail
      Given the upstream answers 429 to all requests
      When the client searches 12 times
      Then no address was free (quirk), or 128 requests came from "127.0.1.0/25", each from an address of its own
      And the answer contains:
        """
        {"loadType": "error", "data": {"severity": "fault", "causeStackTrace": "#/(?s).*Can't find a free ip.*/"}}
        """

  @LL-ROUTEPLANNER-098 @observed @profile-rotate-on-ban
  Rule: It goes on by ten to nineteen addresses, from before the first one too
    So the first nine of a block are never used, until it has come around its end.
    Sources: docs/observed/routeplanner.md#rotateonban; fixtures/recordings/routeplanner/3A_rotateonban_24.json

    @LL-ROUTEPLANNER-098.a
    Scenario: Six times
      Given the upstream answers 429 to the next 6 requests
      When the client searches
      Then the upstream saw 7 requests
      And request 1 came from "127.0.0.9, 127.0.0.10/31, 127.0.0.12/30, 127.0.0.16/31, 127.0.0.18"
      And each request came from an address 10 to 19 higher than the one before

    @LL-ROUTEPLANNER-098.b
    Scenario: Around the end
      Given the upstream answers 429 to the next 30 requests
      When the client searches 3 times
      Then the upstream saw 31 requests
      And each request came from an address of its own
