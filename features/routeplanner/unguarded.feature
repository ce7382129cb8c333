@needs-upstream
Feature: What a route planner has nothing to do with

  @LL-ROUTEPLANNER-090 @observed @needs-http-source @needs-local-block @profile-load-balance
  Rule: The http source sends from the machine's own address, and marks nothing
    Five draws out of 256 are all the same in 1 of 10^9 runs.
    Sources: docs/observed/routeplanner.md#what-is-guarded; fixtures/recordings/routeplanner/3N_youtube_off.json; document §2.1

    @LL-ROUTEPLANNER-090.a
    Scenario: It sends from one address
      When the client asks for a plain address 5 times
      Then the upstream saw 5 to 20 requests
      And the requests came from one address

    @LL-ROUTEPLANNER-090.b
    Scenario: It is told to slow down
      Given the upstream answers 429 to all requests
      When the client asks for a plain address
      Then the answer contains {"loadType": "error"}
      And there are no failing addresses

  @LL-ROUTEPLANNER-091 @observed @profile-planner-unused
  Rule: Without a source that it guards the route planner is never used, and is there
    Sources: docs/observed/routeplanner.md#configuration; fixtures/recordings/routeplanner/3N_youtube_off.json

    @LL-ROUTEPLANNER-091.a
    Scenario: A search, and the status
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the upstream saw 0 requests
      And the answer is 200
      And the answer contains {"class": "BalancingIpRoutePlanner"}

    @LL-ROUTEPLANNER-091.c
    Scenario: Freeing all addresses
      When the client requests "POST /v4/routeplanner/free/all"
      Then the answer is 204
