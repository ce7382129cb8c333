@needs-upstream @needs-local-block @needs-manual-time @profile-load-balance-few
Feature: Failing addresses are forgiven after a week

  @LL-ROUTEPLANNER-080 @observed
  Rule: An address is used again when it failed more than seven days ago
    More than 604 800 000 ms.
    Sources: docs/observed/routeplanner.md#expiry; document §2.7

    @LL-ROUTEPLANNER-080.a
    Scenario: Exactly a week, and a millisecond more
      Given the upstream answers 429 to all requests
      And the client searches 20 times
      And there are 2 failing addresses
      And the upstream answers 200 to all requests
      And 604800 seconds pass
      When the client searches 20 times
      Then the upstream saw 0 requests
      When 0.001 seconds pass
      And the client searches 20 times
      Then the upstream saw 10 to 20 requests
      And the answer contains {"loadType": "search"}

    @LL-ROUTEPLANNER-080.b
    Scenario: Each in its own time
      Given the upstream answers 429 to the next request
      And the client searches
      And the address of request 1 is remembered as "first"
      And 3600 seconds pass
      And the upstream answers 429 to all requests
      And the client searches 20 times
      And there are 2 failing addresses
      And the upstream answers 200 to all requests
      When 601201 seconds pass
      And the client searches 20 times
      Then the upstream saw 10 to 20 requests
      And each request came from "${first}"

  @LL-ROUTEPLANNER-081 @observed
  Rule: Until it is thought of again the status lists it
    So a request takes the address that it uses off the list, and no other.
    Sources: docs/observed/routeplanner.md#expiry

    @LL-ROUTEPLANNER-081.a
    Scenario: Before and after a request
      Given the upstream answers 429 to all requests
      And the client searches 20 times
      And the upstream answers 200 to all requests
      When 604801 seconds pass
      And there are 2 failing addresses
      And the client searches
      Then the upstream saw 1 request
      And there is 1 failing address
