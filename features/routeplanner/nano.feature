@needs-upstream @needs-local-block
Feature: NanoSwitch and RotatingNanoSwitch

  @LL-ROUTEPLANNER-040 @should @profile-nano
  Rule: NanoSwitch takes a new address for each request, one that is higher
    It counts nanoseconds. The document says that it is random.
    Sources: Lavalink docs, configuration/routeplanner.md "NanoSwitch Strategy"; docs/observed/routeplanner.md#nanoswitch; fixtures/recordings/routeplanner/3E_NanoSwitch_64.json; document §2.3

    @LL-ROUTEPLANNER-040.a
    Scenario: One after the other
      When the client searches 5 times
      Then the upstream saw 5 requests
      And each request came from "fd00:1234::/64"
      And each request came from a higher address than the one before

    @LL-ROUTEPLANNER-040.b
    Scenario: After a 429
      Given the upstream answers 429 to the next 2 requests
      When the client searches
      Then the upstream saw 3 requests
      And each request came from "fd00:1234::/64"
      And each request came from a higher address than the one before
      And the failing addresses are those that were answered 429

  @LL-ROUTEPLANNER-045 @should
  Rule: RotatingNanoSwitch stays in a block until a 429, then takes the next
    Sources: Lavalink docs, configuration/routeplanner.md "RotatingNanoSwitch Strategy"; docs/observed/routeplanner.md#rotatingnanoswitch; fixtures/recordings/routeplanner/3E_RotatingNanoSwitch_48.json; document §2.3

    @LL-ROUTEPLANNER-045.a @profile-rotating-nano
    Scenario: Without one
      When the client searches 5 times
      Then the upstream saw 5 requests
      And each request came from "fd00:1234:5::/64"
      And each request came from a higher address than the one before
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/blockIndex" is "0"

    @LL-ROUTEPLANNER-045.b @profile-rotating-nano
    Scenario: After two
      Given the upstream answers 429 to the next 2 requests
      When the client searches
      Then the upstream saw 3 requests
      And request 1 came from "fd00:1234:5::/64"
      And request 2 came from "fd00:1234:5:1::/64"
      And request 3 came from "fd00:1234:5:2::/64"
      When the client searches 3 times
      Then each request came from "fd00:1234:5:2::/64"
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/blockIndex" is "2"

  @LL-ROUTEPLANNER-046 @observed @profile-rotating-nano-two
  Rule: RotatingNanoSwitch begins again after the last block
    Sources: docs/observed/routeplanner.md#rotatingnanoswitch; fixtures/recordings/routeplanner/3E_RotatingNanoSwitch_two64.json

    @LL-ROUTEPLANNER-046.a
    Scenario: With two blocks
      Given the upstream answers 429 to the next 3 requests
      When the client searches
      Then the upstream saw 4 requests
      And request 1 came from "fd00:1234:0:1::/64"
      And request 2 came from "fd00:1234:0:7::/64"
      And request 3 came from "fd00:1234:0:1::/64"
      And request 4 came from "fd00:1234:0:7::/64"
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/blockIndex" is "1"
