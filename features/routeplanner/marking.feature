@needs-upstream
Feature: What marks an address

  @LL-ROUTEPLANNER-050 @must @needs-local-block
  Rule: A 429 marks the address that it was sent to
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; Lavalink docs, configuration/routeplanner.md "RotateOnBan Strategy"; docs/observed/routeplanner.md#what-marks-an-address; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.4, §2.6

    @LL-ROUTEPLANNER-050.a @profile-rotate-on-ban
    Scenario: A search with RotateOnBan
      Given the upstream answers 429 to the next 3 requests
      When the client searches
      Then the answer contains {"loadType": "search"}
      And there are 3 failing addresses
      And the failing addresses are those that were answered 429

    @LL-ROUTEPLANNER-050.b @profile-load-balance
    Scenario: A search with LoadBalance
      Given the upstream answers 429 to the next 3 requests
      When the client searches
      Then the answer contains {"loadType": "search"}
      And there are 3 failing addresses
      And the failing addresses are those that were answered 429

    @LL-ROUTEPLANNER-050.c @profile-rotate-on-ban @needs-watch
    Scenario: A video
      Given the upstream answers 429 to the next 2 requests
      When the client opens a video
      Then the answer contains {"loadType": "track", "data": {"info": {"identifier": "${video}"}}}
      And there are 2 failing addresses
      And the failing addresses are those that were answered 429

    @LL-ROUTEPLANNER-050.d @twin @profile-load-balance
    Scenario: None of many requests is told to slow down
      When the client searches 10 times
      Then there are no failing addresses

  @LL-ROUTEPLANNER-051 @observed @needs-local-block @profile-rotate-on-ban
  Rule: Nothing else that goes wrong marks an address, rotates, or is tried again with others
    The documentation does not say what a ban is.
    Sources: docs/observed/routeplanner.md#what-marks-an-address; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.6

    @LL-ROUTEPLANNER-051.a
    Scenario Outline: A search that is answered <what>
      Given the upstream answers <what> to the next request
      When the client searches
      Then the answer is 200
      And the answer contains {"loadType": "error", "data": {"severity": "fault"}}
      And the upstream saw 1 request
      And there are no failing addresses
      Given the address of request 1 is remembered as "source"
      When the client searches
      Then the answer contains {"loadType": "search"}
      And each request came from "${source}"
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/rotateIndex" is "0"

      Examples:
        | what         |
        | 400          |
        | 401          |
        | 403          |
        | 418          |
        | 500          |
        | 503          |
        | a redirect   |
        | a reset      |
        | an early end |
        | nothing      |

    @LL-ROUTEPLANNER-051.b @needs-watch
    Scenario Outline: A video that is answered <what>
      It is asked for once more after some of these, from the same address.
      Given the upstream answers <what> to all requests
      When the client opens a video
      Then the answer contains {"loadType": "error", "data": {"severity": "fault"}}
      And the upstream saw <count> requests
      And the requests came from one address
      And there are no failing addresses

      Examples:
        | what         | count |
        | 400          | 1     |
        | 401          | 2     |
        | 403          | 1     |
        | 500          | 1     |
        | 503          | 1     |
        | a redirect   | 1     |
        | a reset      | 2     |
        | an early end | 1     |

  @LL-ROUTEPLANNER-052 @observed @profile-unbindable
  Rule: An address that the machine does not have is marked, and the next one is tried
    Sources: docs/observed/routeplanner.md#what-marks-an-address; fixtures/recordings/routeplanner/3B_rotateonban_unbindable.json

    @LL-ROUTEPLANNER-052.a
    Scenario: None of them is there
      When the client searches
      Then the upstream saw 0 requests
      And the answer contains {"loadType": "error"}
      And there are 11 failing addresses
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/rotateIndex" is "11"
      And the answer at "/details/failingAddresses/0/failingAddress" is "#//1[.]0[.]0[.][0-9]+/"

  @LL-ROUTEPLANNER-053 @observed @needs-local-block @needs-watch @profile-load-balance
  Rule: A redirect that is followed draws an address of its own
    Five draws out of 256 are all the same in 1 of 10^9 runs.
    Sources: docs/observed/routeplanner.md#what-marks-an-address; docs/observed/routeplanner.md#loadbalance; fixtures/recordings/routeplanner/3M_redirect.json

    @LL-ROUTEPLANNER-053.a
    Scenario: Five redirects of one request
      Given the upstream answers a redirect to the next 5 requests
      When the client opens a video
      Then the answer contains {"loadType": "track"}
      And the requests that were redirected came from 2 or more addresses

  @LL-ROUTEPLANNER-054 @observed @needs-local-block @needs-watch @profile-rotate-on-ban
  Rule: A 429 marks as well where it is sent to what a video needs before it is asked for
    The page of the video, which names a script, and that script. Both are asked for once.
    Sources: docs/observed/routeplanner.md#videos; docs/observed/routeplanner.md#what-marks-an-address

    @LL-ROUTEPLANNER-054.a
    Scenario Outline: The <what>
      Given the upstream answers 429 to the next 2 requests for the <what> of a video
      When the client opens a video
      Then the answer contains {"loadType": "track"}
      And the upstream saw requests for "<requests>"
      And there are 2 failing addresses
      And the failing addresses are those that were answered 429
      When the client opens a video
      Then the answer contains {"loadType": "track"}
      And the upstream saw requests for "video"

      Examples:
        | what   | requests                            |
        | page   | page, page, page, script, video     |
        | script | page, script, script, script, video |
