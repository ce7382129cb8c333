@needs-upstream @needs-local-block
Feature: How often a request that is told to slow down is sent again

  @LL-ROUTEPLANNER-060 @observed @profile-load-balance
  Rule: With retryLimit -1 there are ten retries
    "Use default lavaplayer value", as the documentation has it.
    Sources: docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.2, §2.6

    @LL-ROUTEPLANNER-060.a
    Scenario: All of them fail
      Given the upstream answers 429 to all requests
      When the client searches
      Then the upstream saw 11 requests
      And each request came from an address of its own
      And the answer contains {"loadType": "error"}
      And there are 11 failing addresses

    @LL-ROUTEPLANNER-060.b
    Scenario: The last of them does not
      Given the upstream answers 429 to the next 10 requests
      When the client searches
      Then the upstream saw 11 requests
      And the answer contains {"loadType": "search"}

    @LL-ROUTEPLANNER-060.c @needs-watch
    Scenario: A video
      Given the upstream answers 429 to all requests
      When the client opens a video
      Then the upstream saw 11 requests
      And the answer contains {"loadType": "error"}

    @LL-ROUTEPLANNER-060.d
    Scenario: Each request has its own
      Given the upstream answers 429 to all requests
      When the client searches 2 times
      Then the upstream saw 22 requests

  @LL-ROUTEPLANNER-061 @must
  Rule: With a greater one there are that many retries
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3H_retry_1.json; fixtures/recordings/routeplanner/3H_retry_3.json; document §2.2

    @LL-ROUTEPLANNER-061.a @profile-retry-1
    Scenario Outline: One retry, after <banned> that are told to slow down
      Given the upstream answers 429 to the next <banned> requests
      When the client searches
      Then the upstream saw 2 requests
      And the answer contains {"loadType": "<result>"}

      Examples:
        | banned | result |
        | 1      | search |
        | 2      | error  |

    @LL-ROUTEPLANNER-061.b @profile-retry-3
    Scenario Outline: Three retries, after <banned> that are told to slow down
      Given the upstream answers 429 to the next <banned> requests
      When the client searches
      Then the upstream saw 4 requests
      And the answer contains {"loadType": "<result>"}

      Examples:
        | banned | result |
        | 3      | search |
        | 4      | error  |

  @LL-ROUTEPLANNER-062 @should @profile-retry-none-left
  Rule: With retryLimit 0 it is sent again until no address is left
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3H_retry_0.json; document §2.2

    @LL-ROUTEPLANNER-062.a
    Scenario: All of them fail
      Given the upstream answers 429 to the next 300 requests
      When the client searches
      Then the upstream saw 240 to 256 requests
      And the answer contains {"loadType": "error"}

    @LL-ROUTEPLANNER-062.b
    Scenario: The fiftieth does not
      Given the upstream answers 429 to the next 49 requests
      When the client searches
      Then the upstream saw 50 requests
      And the answer contains {"loadType": "search"}

  @LL-ROUTEPLANNER-063 @must @profile-search-unmarked
  Rule: Without searchTriggersFail a search marks nothing
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3H_stf_false_RotateOnBan.json; document §2.2, §2.6

    @LL-ROUTEPLANNER-063.c
    Scenario: One 429
      Given the upstream answers 429 to the next request
      When the client searches
      Then there are no failing addresses

  @LL-ROUTEPLANNER-095 @observed @profile-search-unmarked
  Rule: A search that marks nothing is sent again all the same, from the same address
    RotateOnBan has no reason to rotate then.
    Sources: docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3H_stf_false_RotateOnBan.json; document §2.2, §2.6

    @LL-ROUTEPLANNER-095.a
    Scenario: One 429
      Given the upstream answers 429 to the next request
      When the client searches
      Then the upstream saw 2 requests
      And the requests came from one address
      And the answer contains {"loadType": "search"}

    @LL-ROUTEPLANNER-095.b
    Scenario: Nothing but 429
      Given the upstream answers 429 to all requests
      When the client searches
      Then the upstream saw 11 requests
      And the requests came from one address
      And the answer contains {"loadType": "error"}
      And there are no failing addresses

  @LL-ROUTEPLANNER-064 @should @profile-search-unmarked @needs-watch
  Rule: Without searchTriggersFail everything else still marks
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3H_stf_false_RotateOnBan.json; document §2.6

    @LL-ROUTEPLANNER-064.a
    Scenario: A video
      Given the upstream answers 429 to the next request
      When the client opens a video
      Then the answer contains {"loadType": "track"}
      And the failing addresses are those that were answered 429

  @LL-ROUTEPLANNER-065 @observed @profile-load-balance
  Rule: A load that reaches the limit fails, and the cause says why
    The answer itself is 200.
    Sources: docs/observed/routeplanner.md#retries; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.6

    @LL-ROUTEPLANNER-065.a
    Scenario: A search
      Given the upstream answers 429 to all requests
      When the client searches
      Then the answer is 200
      And the answer is:
        """
        {"loadType": "error", "data": {
          "message": "Something went wrong while looking up the track.",
          "severity": "fault",
          "cause": "com.sedmelluq.discord.lavaplayer.tools.FriendlyException: Something went wrong while looking up the track.",
          "causeStackTrace": "#/(?s).*RateLimitException: Retry aborted, too many retries on ratelimit\\..*/"
        }}
        """
