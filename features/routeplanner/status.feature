Feature: The status of a route planner

  @LL-ROUTEPLANNER-010 @must @needs-upstream @needs-local-block @profile-rotate-on-ban
  Rule: RotateOnBan tells how often it rotated, where it stands, and which address it uses
    All numbers are texts, and the address begins with a slash: the documentation has none.
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/3A_rotateonban_24.json; document §2.5

    @LL-ROUTEPLANNER-010.a
    Scenario: After the first request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer is:
        """
        {"class": "RotatingIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet4Address", "size": "256"},
          "failingAddresses": [],
          "rotateIndex": "0",
          "ipIndex": "#/[0-9]+/",
          "currentAddress": "/${source}"
        }}
        """

    @LL-ROUTEPLANNER-010.b
    Scenario: After it rotated
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 2 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer contains {"class": "RotatingIpRoutePlanner", "details": {"rotateIndex": "1", "currentAddress": "/${source}"}}
      And the answer at "/details/failingAddresses/0/failingAddress" is "#string"
      And the answer at "/details/failingAddresses/1" is "#absent"

  @LL-ROUTEPLANNER-011 @must @profile-load-balance
  Rule: LoadBalance tells of its block and of failing addresses only
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_LoadBalance_127.0.0.0-24.json; document §2.5

    @LL-ROUTEPLANNER-011.a
    Scenario: Before the first request
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer is:
        """
        {"class": "BalancingIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet4Address", "size": "256"},
          "failingAddresses": []
        }}
        """

    @LL-ROUTEPLANNER-011.b @needs-upstream @needs-local-block
    Scenario: After requests
      When the client searches 3 times
      And the client requests "GET /v4/routeplanner/status"
      Then the answer is:
        """
        {"class": "BalancingIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet4Address", "size": "256"},
          "failingAddresses": []
        }}
        """

  @LL-ROUTEPLANNER-012 @must @profile-nano
  Rule: NanoSwitch tells the index of its address
    The documentation has currentAddress in its place.
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_NanoSwitch_fd00_1234__-64.json; document §2.5

    @LL-ROUTEPLANNER-012.a
    Scenario: Before the first request
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer is:
        """
        {"class": "NanoIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet6Address", "size": "18446744073709551616"},
          "failingAddresses": [],
          "currentAddressIndex": "#/[0-9]+/"
        }}
        """

  @LL-ROUTEPLANNER-013 @must @profile-rotating-nano
  Rule: RotatingNanoSwitch tells the indexes of its block and of its address
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/2_RotatingNanoSwitch_fd00_1234__-48.json; document §2.5

    @LL-ROUTEPLANNER-013.a
    Scenario: Before the first request
      When the client requests "GET /v4/routeplanner/status"
      Then the answer is 200
      And the answer is:
        """
        {"class": "RotatingNanoIpRoutePlanner", "details": {
          "ipBlock": {"type": "Inet6Address", "size": "1208925819614629174706176"},
          "failingAddresses": [],
          "blockIndex": "0",
          "currentAddressIndex": "#/[0-9]+/"
        }}
        """

  @LL-ROUTEPLANNER-014 @should
  Rule: The size is that of all blocks together
    A decimal number as a text, whole however big it is.
    Sources: docs/observed/routeplanner.md#status

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
  Rule: A failing address is listed with a slash, and when it failed as a number and as a text
    Java's text of a date, in the server's time zone. The documentation has another, and no slash.
    Sources: docs/observed/routeplanner.md#status; fixtures/recordings/routeplanner/4_timezone.json; document §2.5

    @LL-ROUTEPLANNER-016.a @profile-load-balance
    Scenario: IPv4
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses" is [{"failingAddress": "/${source}", "failingTimestamp": "#now", "failingTime": "#/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9] [A-Za-z0-9:+-]+ [0-9]{4}/"}]

    @LL-ROUTEPLANNER-016.b @profile-nano
    Scenario: IPv6, which is not shortened
      Given the upstream answers 429 to the next request
      When the client searches
      And the address of request 1 is remembered as "source"
      And the client requests "GET /v4/routeplanner/status"
      Then the answer at "/details/failingAddresses/0/failingAddress" is "/${source}"
