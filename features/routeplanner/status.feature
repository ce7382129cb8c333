Feature: The status of a route planner

  @LL-ROUTEPLANNER-010 @must @needs-upstream @needs-local-block @profile-rotate-on-ban
  Rule: RotateOnBan tells how often it rotated, where it stands, and which address it uses
    All numbers are texts.
    Sources: Lavalink docs, api/rest.md "Details Object"; docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.5

    @LL-ROUTEPLANNER-010.a
    Scenario: After the first request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer contains:
        """
        {"class": "RotatingIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet4Address", "size": "#string"},
          "failingAddresses": [],
          "rotateIndex": "0",
          "ipIndex": "#/[0-9]+/",
          "currentAddress": "#//?${source}/"
        }}
        """

    @LL-ROUTEPLANNER-010.b
    Scenario: After it rotated
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 2 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer contains {"class": "RotatingIpRoutePlanner", "details": {"rotateIndex": "1", "currentAddress": "#//?${source}/"}}
      And the answer at "/details/failingAddresses/0/failingAddress" is "#string"
      And the answer at "/details/failingAddresses/1" is "#absent"

  @LL-ROUTEPLANNER-011 @must @profile-load-balance
  Rule: LoadBalance tells of its block and of failing addresses
    Sources: Lavalink docs, api/rest.md "Details Object"; docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_LoadBalance_127.0.0.0-24.json; document §2.5

    @LL-ROUTEPLANNER-011.a
    Scenario: Before the first request
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer contains:
        """
        {"class": "BalancingIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet4Address", "size": "#string"},
          "failingAddresses": []
        }}
        """

    @LL-ROUTEPLANNER-011.b @needs-upstream @needs-local-block
    Scenario: After requests
      When the client searches 3 times
      And the client requests "GET /v4/routeplanner/status"
      Then the answer contains:
        """
        {"class": "BalancingIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet4Address", "size": "#string"},
          "failingAddresses": []
        }}
        """

  @LL-ROUTEPLANNER-012 @must @profile-nano
  Rule: NanoSwitch tells the index of its address
    The document has currentAddress in its place; Lavalink's documentation does not.
    Sources: Lavalink docs, api/rest.md "Details Object"; docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_NanoSwitch_fd00_1234__-64.json; document §2.5

    @LL-ROUTEPLANNER-012.a
    Scenario: Before the first request
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer contains:
        """
        {"class": "NanoIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet6Address", "size": "#string"},
          "failingAddresses": [],
          "currentAddressIndex": "#/[0-9]+/"
        }}
        """

  @LL-ROUTEPLANNER-013 @must @profile-rotating-nano
  Rule: RotatingNanoSwitch tells the indexes of its block and of its address
    Sources: Lavalink docs, api/rest.md "Details Object"; docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_RotatingNanoSwitch_fd00_1234__-48.json; document §2.5

    @LL-ROUTEPLANNER-013.a
    Scenario: Before the first request
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer contains:
        """
        {"class": "RotatingNanoIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet6Address", "size": "#string"},
          "failingAddresses": [],
          "blockIndex": "0",
          "currentAddressIndex": "#/[0-9]+/"
        }}
        """

  @LL-ROUTEPLANNER-014 @should
  Rule: The size is that of all blocks together
    A decimal number as a text, whole however big it is.
    Sources: Lavalink docs, api/rest.md "IP Block Object"; Lavalink docs, configuration/routeplanner.md "Terminology"; docs/observed/routeplanner.md#status

    @LL-ROUTEPLANNER-014.a @needs-upstream @needs-local-block @profile-rotate-129
    Scenario: Two blocks of IPv4
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the answer contains {"details": {"ipBlock": {"type": "Inet4Address", "size": "129"}}}

    @LL-ROUTEPLANNER-014.b @profile-rotating-nano-two
    Scenario: Two blocks of IPv6
      When the client requests "GET /v4/routeplanner/status"
      Then the answer contains {"details": {"ipBlock": {"type": "Inet6Address", "size": "36893488147419103232"}}}

    @LL-ROUTEPLANNER-014.c @profile-load-balance-few
    Scenario: Excluded addresses count
      When the client requests "GET /v4/routeplanner/status"
      Then the answer contains {"details": {"ipBlock": {"type": "Inet4Address", "size": "4"}}}

  @LL-ROUTEPLANNER-015 @observed @profile-rotate-on-ban
  Rule: RotateOnBan has no address before the first request
    The real server answers 500, as it reads the address that is not there. Sane is a status whose
    numbers are "0" and whose currentAddress is "", as everything in it is a text.
    Sources: docs/observed/routeplanner.md#before-the-first-request; fixtures/recordings/routeplanner/3A_rotateonban_24.json

    @LL-ROUTEPLANNER-015.a @quirk
    Scenario: Before the first request
      Then the route planner has no address yet: 500 (quirk) or a status without one

  @LL-ROUTEPLANNER-016 @must @needs-upstream @needs-local-block
  Rule: A failing address is listed, with when it failed as a number and as a text
    Sources: Lavalink docs, api/rest.md "Failing Address Object"; docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/4_timezone.json; document §2.5

    @LL-ROUTEPLANNER-016.c @profile-load-balance
    Scenario: IPv4
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses" is [{"failingAddress": "#//?${source}/", "failingTimestamp": "#now", "failingTime": "#string"}]

  @LL-ROUTEPLANNER-093 @observed @needs-upstream @needs-local-block
  Rule: Addresses have a slash before them, and failingTime is Java's text of a date
    In the server's time zone. The documentation's example has both, but describes neither.
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/4_timezone.json; document §2.5

    @LL-ROUTEPLANNER-093.a @profile-load-balance
    Scenario: A failing address of IPv4
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses" is [{"failingAddress": "/${source}", "failingTimestamp": "#now", "failingTime": "#/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9] [A-Za-z0-9:+-]+ [0-9]{4}/"}]

    @LL-ROUTEPLANNER-093.b @profile-nano
    Scenario: A failing address of IPv6, which is not shortened
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses/0/failingAddress" is "/${source}"

    @LL-ROUTEPLANNER-093.d @profile-load-balance
    Scenario: Number and text are the same time
      Given the upstream answers 429 to the next 3 requests
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses/2" is "#object"
      And each failingTime is the text of its failingTimestamp

    @LL-ROUTEPLANNER-093.e @needs-manual-time @profile-load-balance
    Scenario: In other months and in a leap year
      Given the upstream answers 429 to all requests
      And the client searches
      And 8640000 seconds pass
      And the client searches
      And 13600000 seconds pass
      And the client searches
      And 31536000 seconds pass
      And the client searches
      And 10000000 seconds pass
      When the client searches
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses/44" is "#object"
      And each failingTime is the text of its failingTimestamp

    @LL-ROUTEPLANNER-093.c @profile-rotate-on-ban
    Scenario: The address in use
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/currentAddress" is "/${source}"

  @LL-ROUTEPLANNER-094 @observed
  Rule: No strategy tells what is another one's
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_LoadBalance_127.0.0.0-24.json; fixtures/recordings/routeplanner/2_NanoSwitch_fd00_1234__-64.json

    @LL-ROUTEPLANNER-094.a @profile-load-balance
    Scenario: LoadBalance has no address of its own
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/currentAddress" is "#absent"
      And the answer at "/details/rotateIndex" is "#absent"

    @LL-ROUTEPLANNER-094.b @profile-nano
    Scenario: NanoSwitch tells an index only
      When the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/currentAddress" is "#absent"
      And the answer at "/details/blockIndex" is "#absent"
