@needs-upstream @needs-local-block
Feature: LoadBalance

  @LL-ROUTEPLANNER-030 @should @profile-load-balance
  Rule: It draws an address for each request, all of them alike
    The document says that it takes turns, or the least loaded one.
    300 draws out of 256 hit 144 to 209 of them, and none more than 14 times, but for 1 of 10^9 runs.
    Sources: Lavalink docs, configuration/routeplanner.md "LoadBalance Strategy"; docs/observed/routeplanner.md#loadbalance; fixtures/recordings/routeplanner/3D_loadbalance_24.json; document §2.3

    @LL-ROUTEPLANNER-030.a
    Scenario: 300 searches
      When the client searches 300 times
      Then the upstream saw 300 requests
      And each request came from "127.0.0.0/24"
      And the requests came from 144 to 209 addresses, at most 14 from each

  @LL-ROUTEPLANNER-031 @must @profile-load-balance-few
  Rule: It never draws an address that fails or is excluded
    The real server draws nine times at most from these four addresses, so that some loads fail.
    Sources: Lavalink docs, configuration/config/file.md "Example application.yml"; docs/observed/routeplanner.md#loadbalance; fixtures/recordings/routeplanner/3D_loadbalance_30_excl.json; document §2.2, §2.4

    @LL-ROUTEPLANNER-031.a
    Scenario: Excluded ones
      When the client searches 40 times
      Then the upstream saw 30 to 40 requests
      And no request came from "127.0.0.8, 127.0.0.9"
      And each request came from "127.0.0.8/30"
      And the requests came from 2 to 2 addresses, at most 39 from each

    @LL-ROUTEPLANNER-031.b
    Scenario: One that fails
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "banned"
      When the client searches 40 times
      Then the upstream saw 15 to 40 requests
      And no request came from "${banned}"
      And the requests came from one address
